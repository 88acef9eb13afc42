// Parts of a page that take longer are fetched when they are scrolled to, or opened; their links lead there without this.
"use strict";
(() => {
  const near = "600px";

  async function fill(place) {
    const link = place.querySelector("a");
    place.setAttribute("aria-busy", "true");
    link.replaceWith("Loading …");
    try {
      const answer = await fetch(place.dataset.part, { headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...page.getElementById("part").childNodes);
      place.removeAttribute("data-part");
    } catch {
      place.firstElementChild.replaceChildren("This could not be had. ", link);
    }
    place.removeAttribute("aria-busy");
  }

  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      fill(target);
    }
  }, { rootMargin: near });
  document.querySelectorAll("[data-part]").forEach((place) => seen.observe(place));
})();
