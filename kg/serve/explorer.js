// Suggestions under the search field: the combobox pattern of ARIA, with a list that the arrow keys walk through.
"use strict";
(() => {
  const field = document.getElementById("q");
  if (!field) return;
  const form = field.form;
  const list = document.createElement("ul");
  const said = document.createElement("p");
  Object.assign(list, { id: "suggestions", className: "suggestions", hidden: true });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  said.className = "unseen";
  said.setAttribute("role", "status");
  form.append(list, said);
  for (const [name, value] of [["role", "combobox"], ["aria-expanded", "false"], ["aria-controls", list.id],
    ["aria-autocomplete", "list"]]) field.setAttribute(name, value);

  const BASE = "https://w3id.org/ml-kg/";
  let asked = null, at = -1, waiting = 0;

  const visible = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g,
    (sign) => "\\u" + sign.charCodeAt(0).toString(16).padStart(4, "0"));
  const cut = (text) => visible(text.length > 120 ? text.slice(0, 119) + "…" : text);

  function close() {
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  }

  function option(iri, label, kind, aside) {
    const item = document.createElement("li");
    item.id = `suggestion-${list.children.length}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.to = "/" + iri.slice(BASE.length).replace(/\?/g, "%3F");
    const name = document.createElement("bdi"), sign = document.createElement("span"), more = document.createElement("span");
    name.textContent = cut(label);
    sign.textContent = kind;
    sign.className = `kind ${kind.toLowerCase()}`;
    more.textContent = aside;
    more.className = "soft n";
    item.append(name, sign, more);
    item.addEventListener("pointerdown", (event) => event.preventDefault());
    item.addEventListener("click", () => location.assign(item.dataset.to));
    list.append(item);
  }

  function show(found) {
    list.replaceChildren();
    for (const each of found.entities) {
      if (each.iri.startsWith(BASE)) {
        option(each.iri, each.label, each.kind, `${each.papers.toLocaleString("en")} ${each.papers === 1 ? "paper" : "papers"}`);
      }
    }
    for (const each of found.papers) {
      if (each.iri.startsWith(BASE)) option(each.iri, each.title, "Paper", each.year ? String(each.year) : "");
    }
    const count = list.children.length;
    said.textContent = count ? `${count} suggestions` : "Nothing is called so";
    if (!count) {
      const none = document.createElement("li");
      none.className = "none soft";
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      none.textContent = "Nothing is called so, and no title has these words.";
      list.append(none);
    }
    list.hidden = false;
    at = -1;
    field.setAttribute("aria-expanded", "true");
    field.removeAttribute("aria-activedescendant");
  }

  async function ask() {
    const text = field.value.trim();
    asked?.abort();
    if (!text) return close();
    asked = new AbortController();
    try {
      const answer = await fetch(`/api/search?limit=6&q=${encodeURIComponent(text)}`, { signal: asked.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      if (field.value.trim() === text && document.activeElement === field) show(found);
    } catch (error) {
      if (error.name !== "AbortError") {
        close();
        said.textContent = "The suggestions could not be had; press Enter to search.";
      }
    }
  }

  function move(step) {
    const options = list.querySelectorAll("[data-to]");
    if (list.hidden || !options.length) return;
    options[at]?.setAttribute("aria-selected", "false");
    at = (at + step + options.length + (at < 0 && step < 0 ? 1 : 0)) % options.length;
    options[at].setAttribute("aria-selected", "true");
    options[at].scrollIntoView({ block: "nearest" });
    field.setAttribute("aria-activedescendant", options[at].id);
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, 60);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask();
      else move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      location.assign(list.querySelectorAll("[data-to]")[at].dataset.to);
    }
  });
  field.addEventListener("blur", close);
  field.addEventListener("focus", () => field.value.trim() && ask());
  if (location.pathname === "/") field.focus();
})();
