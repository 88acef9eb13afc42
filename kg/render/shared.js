"use strict";

// What the panels of all pictures are made of. All that comes from papers becomes text nodes: nothing is parsed as markup.
const kgShared = (() => {
  const words = (predicate) => predicate.replace(/[A-Z]/g, (sign) => ` ${sign.toLowerCase()}`);

  function el(tag, attributes = {}, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name === "onclick") made.addEventListener("click", value);
      else made.setAttribute(name, value);
    }
    made.append(...children.filter((child) => child !== null && child !== undefined));
    return made;
  }

  const many = (count, one, more = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : more}`;

  function link(address, name) {
    const shown = el("bdi", {}, name);
    if (typeof address !== "string" || !/^https?:\/\//i.test(address)) return shown;
    return el("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, shown);
  }

  function host(address) {
    try {
      return new URL(address).hostname.replace(/^www\./, "");
    } catch {
      return "link";
    }
  }

  const links = (addresses) => (addresses.length ? el("p", { class: "links" }, ...addresses.map((address) => link(address, host(address)))) : null);

  // Papers by year, as bars: the first year, and the papers of it and of each that follows.
  function spark([first, ...counts], [from, to] = [-Infinity, Infinity]) {
    const space = "http://www.w3.org/2000/svg";
    const picture = document.createElementNS(space, "svg");
    const most = Math.max(...counts);
    const wide = 100 / Math.max(counts.length, 8);
    picture.setAttribute("class", "spark");
    picture.setAttribute("viewBox", "0 0 100 40");
    picture.setAttribute("preserveAspectRatio", "none");
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", counts.map((count, index) => `${first + index}: ${count}`).join(", "));
    counts.forEach((count, index) => {
      const bar = document.createElementNS(space, "rect");
      const high = count ? Math.max(1, (40 * count) / most) : 0;
      Object.entries({ x: index * wide, y: 40 - high, width: wide * 0.8, height: high }).forEach(([name, value]) => bar.setAttribute(name, value.toFixed(2)));
      if (first + index < from || first + index > to) bar.setAttribute("class", "out");
      const title = document.createElementNS(space, "title");
      title.textContent = `${first + index}: ${many(count, "paper")}`;
      bar.append(title);
      picture.append(bar);
    });
    const last = first + counts.length - 1;
    return [picture, el("p", { class: "span" }, el("span", {}, `${first}`), el("span", {}, `at most ${most} a year`), el("span", {}, last > first ? `${last}` : ""))];
  }

  const between = ([first, ...counts], [from, to]) => (first === undefined ? 0
    : counts.slice(Math.max(0, from - first), Math.max(0, to - first + 1)).reduce((sum, value) => sum + value, 0));

  // Two sliders of years; `changed` is given the chosen ones, or nothing where all are.
  function years(rows, changed) {
    const at = (id) => document.getElementById(id);
    const known = rows.filter((row) => row.length);
    const first = known.reduce((low, [year]) => Math.min(low, year), Infinity);
    const last = known.reduce((high, row) => Math.max(high, row[0] + row.length - 2), -Infinity);
    at("years").hidden = !known.length || first === last;
    const [from, to] = [at("from"), at("to")];
    const tell = () => { at("span").textContent = `${from.value} to ${to.value}`; };
    const reset = () => {
      [from.value, to.value] = [first, last];
      tell();
    };
    for (const slider of [from, to]) Object.assign(slider, { min: first, max: last });
    reset();
    let waiting = null;
    const change = (event) => {
      if (Number(from.value) > Number(to.value)) (event.target === from ? to : from).value = event.target.value;
      tell();
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const all = Number(from.value) === first && Number(to.value) === last;
        changed(all ? null : [Number(from.value), Number(to.value)]);
      }, 60);
    };
    from.addEventListener("input", change);
    to.addEventListener("input", change);
    return reset;
  }

  // A choice of what papers say; `changed` is given the place of the predicate, or nothing.
  function sayings(predicates, said, changed) {
    const field = document.getElementById("said");
    predicates.forEach((name, place) => {
      if (said.some((row) => row[place])) field.append(el("option", { value: String(place) }, words(name)));
    });
    const reset = () => { field.value = ""; };
    reset();
    field.addEventListener("change", () => changed(field.value === "" ? null : Number(field.value)));
    return reset;
  }

  // The name behind #focus= in the address, decoded; nothing if there is none.
  function focus() {
    const wanted = /^#focus=(.+)$/.exec(location.hash);
    if (!wanted) return null;
    try {
      return decodeURIComponent(wanted[1]);
    } catch {
      return wanted[1];
    }
  }

  return { between, el, focus, link, links, many, sayings, spark, words, years };
})();
