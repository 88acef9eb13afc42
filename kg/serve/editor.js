// The editor of /sparql: yasqe for the query, a table of our own for the answer.
"use strict";

const facts = JSON.parse(document.getElementById("facts").textContent);
const SHOWN = 200;
const STEP = 500;
const LONG = 300;
const byId = (id) => document.getElementById(id);
const status = byId("status");
const answer = byId("answer");

Yasqe.defaults.autocompleters = ["variables"]; // its others would ask servers elsewhere
Yasqe.registerAutocompleter({
  name: "terms",
  bulk: false,
  autoShow: true,
  isValidCompletionPosition(editor) {
    const token = editor.getCompleteToken();
    return /^[A-Za-z][\w-]*:?[\w-]*$/.test(token.string) && !/^(string|comment|variable)$/.test(token.type ?? "");
  },
  preProcessToken: (editor, token) => token,
  get(editor, token) {
    const typed = (token?.string ?? "").toLowerCase();
    const found = facts.terms.filter((term) => term.toLowerCase().startsWith(typed));
    return found.length ? found : facts.terms.filter((term) => term.toLowerCase().includes(`:${typed}`));
  },
  postProcessSuggestion: (editor, token, suggested) => suggested,
});

const editor = new Yasqe(byId("editor"), {
  value: fromAddress() ?? facts.example,
  persistenceId: null,
  createShareableLink: null,
  consumeShareLink: null,
  prefixCcApi: null,
  showQueryButton: false,
  resizeable: false,
  collapsePrefixesOnLoad: false,
  lineWrapping: true,
  editorHeight: "auto",
  screenReaderLabel: "SPARQL query",
  extraKeys: { "Ctrl-Enter": run, "Cmd-Enter": run, Tab: false, "Shift-Tab": false },
});
// The server knows its prefixes without declaration: so shall the check while one types.
const mode = editor.getMode();
const begin = mode.startState.bind(mode);
mode.startState = (...given) => Object.assign(begin(...given), { prefixes: { ...facts.prefixes } });
editor.setValue(editor.getValue());
byId("plain").hidden = true;
byId("tools").hidden = false;

function fromAddress() {
  const values = new URLSearchParams(location.hash.slice(1));
  return values.get("query");
}

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// The text of papers may hold marks that turn text around: each value is isolated, and control characters are shown.
function visible(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (sign) =>
    `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}`);
}

function shortened(iri) {
  for (const [prefix, space] of Object.entries(facts.prefixes)) {
    if (iri.startsWith(space) && /^[\w.:-]+$/.test(iri.slice(space.length))) return `${prefix}:${iri.slice(space.length)}`;
  }
  return iri.startsWith(facts.base) ? decoded(iri.slice(facts.base.length)) : iri;
}

function decoded(text) {
  try { return decodeURIComponent(text); } catch { return text; }
}

function shown(term) {
  if (term === undefined) return element("td");
  if (term.type === "triple") return element("td", {}, JSON.stringify(term.value));
  if (term.type === "uri") {
    const label = element("bdi", { textContent: visible(shortened(term.value)) });
    const ours = term.value.startsWith(facts.base) && !term.value.slice(facts.base.length).startsWith("/");
    if (!ours && !/^https?:\/\//.test(term.value)) return element("td", {}, label);
    const href = ours ? `/${term.value.slice(facts.base.length).replaceAll("?", "%3F")}` : term.value;
    return element("td", {}, element("a", ours ? { href } : { href, rel: "noreferrer nofollow" }, label));
  }
  const number = /#(integer|decimal|double|float)$/.test(term.datatype ?? "");
  const cell = element("td", { className: number ? "n" : "" });
  const text = visible(term.value);
  const part = element("bdi", { textContent: text.slice(0, LONG) });
  cell.append(part);
  if (text.length > LONG) {
    const more = element("button", { className: "more", textContent: `… ${text.length - LONG} more` });
    more.addEventListener("click", () => { part.textContent = text.slice(0, 100000); more.remove(); });
    cell.append(more);
  }
  return cell;
}

function table(names, rows) {
  const body = element("tbody");
  let next = 0;
  const more = element("button", { className: "quiet" });
  const add = (count) => {
    const end = Math.min(rows.length, next + count);
    for (; next < end; next++) body.append(element("tr", {}, ...names.map((name) => shown(rows[next][name]))));
    more.hidden = next === rows.length;
    more.textContent = `Show more (${(rows.length - next).toLocaleString("en")} left)`;
  };
  add(SHOWN);
  more.addEventListener("click", () => add(STEP));
  const head = element("thead", {}, element("tr", {}, ...names.map((name) => element("th", { scope: "col", textContent: name }))));
  const wide = element("div", { className: "wide", tabIndex: 0 }, element("table", {}, head, body));
  wide.setAttribute("role", "region");
  wide.setAttribute("aria-label", "Rows");
  return [wide, more];
}

let asking = null;

async function ask(query, accept, signal) {
  const response = await fetch("/sparql", {
    method: "POST",
    headers: { "Content-Type": "application/sparql-query", Accept: accept },
    body: query,
    signal,
  });
  if (!response.ok) throw new Error((await response.text()).trim() || `status ${response.status}`);
  return response;
}

function say(text, wrong = false) {
  status.textContent = text;
  status.classList.toggle("wrong", wrong);
}

async function run() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const query = editor.getValue();
  history.replaceState(null, "", `#${new URLSearchParams({ query })}`);
  byId("run").disabled = true;
  byId("stop").hidden = false;
  byId("saves").hidden = true;
  answer.replaceChildren();
  say("Asking …");
  const begun = performance.now();
  try {
    const accept = "application/sparql-results+json, text/turtle;q=0.9";
    const response = await ask(query, accept, mine.signal);
    const rows = response.headers.get("Content-Type").includes("json");
    const content = rows ? await response.json() : await response.text();
    const time = `${Math.max(1, Math.round(performance.now() - begun)).toLocaleString("en")} ms`;
    if (!rows) {
      const pre = element("pre", { tabIndex: 0, textContent: visible(content.slice(0, 500000)) });
      pre.setAttribute("role", "region");
      pre.setAttribute("aria-label", "Triples");
      answer.append(pre);
      say(`Triples, ${time}`);
    } else if ("boolean" in content) {
      answer.append(element("p", { className: "yes", textContent: content.boolean ? "Yes" : "No" }));
      say(time);
    } else {
      const found = content.results.bindings;
      if (found.length) answer.append(...table(content.head.vars, found));
      else answer.append(element("p", { className: "soft", textContent: "No rows. Titles and abstracts are read, and no more: that something is not here does not mean that it is not so." }));
      say(`${found.length.toLocaleString("en")} ${found.length === 1 ? "row" : "rows"}, ${time}`);
    }
    for (const button of byId("saves").querySelectorAll("button")) button.hidden = (button.dataset.for === "rows") !== rows;
    byId("saves").hidden = false;
  } catch (error) {
    if (mine.signal.aborted) { if (asking === mine) say("Stopped."); }
    else {
      say(error.message, true);
      const place = /line (\d+), column (\d+)/.exec(error.message);
      if (place) { editor.focus(); editor.setCursor({ line: place[1] - 1, ch: place[2] - 1 }); }
    }
  } finally {
    if (asking === mine) {
      byId("run").disabled = false;
      byId("stop").hidden = true;
      asking = null;
    }
  }
}

byId("run").addEventListener("click", run);
byId("stop").addEventListener("click", () => asking?.abort());
for (const button of byId("saves").querySelectorAll("button")) {
  button.addEventListener("click", async () => {
    try {
      const response = await ask(editor.getValue(), button.value);
      const address = URL.createObjectURL(await response.blob());
      element("a", { href: address, download: `answer.${button.dataset.ending}` }).click();
      setTimeout(() => URL.revokeObjectURL(address), 1000);
    } catch (error) {
      say(error.message, true);
    }
  });
}

// Named queries: a form for their parameters; names become IRIs by asking the graph.
const choice = byId("named");
const form = byId("values");

choice.addEventListener("change", () => {
  const chosen = facts.queries.find((each) => each.name === choice.value);
  form.replaceChildren();
  form.hidden = !chosen;
  if (!chosen) return;
  for (const parameter of chosen.parameters) {
    const input = element("input", { name: parameter.name, value: parameter.example, required: true, autocomplete: "off" });
    form.append(element("label", {}, element("span", { textContent: parameter.help }), input));
  }
  form.append(element("button", { textContent: "Put into the editor and run" }));
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const chosen = facts.queries.find((each) => each.name === choice.value);
  try {
    let text = chosen.sparql;
    for (const parameter of chosen.parameters) {
      const term = await termOf(parameter, form.elements[parameter.name].value.trim());
      text = text.replace(new RegExp(`\\$${parameter.name}\\b`, "g"), () => term);
    }
    editor.setValue(`# ${chosen.question}\n${text}`);
    await run();
  } catch (error) {
    say(error.message, true);
  }
});

const quoted = (text) => JSON.stringify(text).replace(/[\u2028\u2029\u007f]/g, (sign) => `\\u${sign.codePointAt(0).toString(16).padStart(4, "0")}`);

async function termOf(parameter, value) {
  if (parameter.type === "integer" || parameter.type === "number" || parameter.type === "year") {
    if (!/^-?\d+(\.\d+)?$/.test(value)) throw new Error(`${parameter.name}: ${value || "nothing"} is no number`);
    return value;
  }
  if (parameter.type === "text") return quoted(value);
  const [kind, name] = facts.kinds.includes(value.split(":", 1)[0]) && value.includes(":")
    ? [value.slice(0, value.indexOf(":")), value.slice(value.indexOf(":") + 1)]
    : [parameter.type, value];
  const spellings = [...new Set([name, name.toLowerCase(), name.toUpperCase()])].map(quoted).join(" ");
  const says = facts.predicates.map((each) => `kg:${each}`).join("|");
  const query = kind === "paper"
    ? `SELECT ?found { VALUES ?name { ${spellings} } ?found dcterms:title ?name } LIMIT 1`
    : `SELECT ?found (COUNT(?paper) AS ?papers) { VALUES ?name { ${spellings} } ?found skos:prefLabel|skos:altLabel ?name ${
      kind === "entity" ? "" : `; a kg:${kind}`} OPTIONAL { ?paper ${says} ?found } }
       GROUP BY ?found ORDER BY DESC(?papers) LIMIT 1`;
  if (/^https?:\/\/[^\s<>"{}|\\^`]+$/.test(value)) return `<${value}>`;
  const found = (await (await ask(query, "application/sparql-results+json")).json()).results.bindings[0]?.found;
  if (!found) throw new Error(`${parameter.name}: this graph has no ${kind.toLowerCase()} named ${value}: its spelling is that of the search`);
  return `<${found.value}>`;
}

if (fromAddress()) run();
