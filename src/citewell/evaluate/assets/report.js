// Filters, sorts and opens cases. The page is whole without it.
"use strict";
(() => {
  const list = document.getElementById("list");
  const form = document.getElementById("controls");
  const heads = document.getElementById("heads");
  const search = document.getElementById("search");
  const openAll = document.getElementById("open");
  const chips = [...form.querySelectorAll("[data-kind]")];
  const selects = [...form.querySelectorAll("select")];
  const cases = [...list.children].map((node) => ({ node, ...node.dataset, text: null }));
  const collator = new Intl.Collator("en", { numeric: true });
  let shown = cases;

  const folded = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ");
  const textOf = (row) => (row.text ??= folded(row.node.textContent));
  const holds = (row, name, value) => (name === "tags" ? row.tags.includes(` ${value} `) : row[name] === value);

  function filter() {
    const kinds = chips.filter((chip) => chip.getAttribute("aria-pressed") === "true").map((chip) => chip.dataset.kind);
    const wanted = selects.filter((select) => select.value).map((select) => [select.name, select.value]);
    const words = folded(search.value).split(" ").filter(Boolean);
    shown = cases.filter(
      (row) =>
        (!kinds.length || kinds.includes(row.kind)) &&
        wanted.every(([name, value]) => holds(row, name, value)) &&
        words.every((word) => textOf(row).includes(word)),
    );
    const kept = new Set(shown);
    for (const row of cases) row.node.hidden = !kept.has(row);
    document.getElementById("none").hidden = shown.length > 0;
    const amount = (number) => number.toLocaleString("en");
    document.getElementById("shown").textContent =
      shown.length === cases.length ? `${amount(cases.length)} cases` : `${amount(shown.length)} of ${amount(cases.length)} cases`;
    label();
  }

  const keys = {
    order: (a, b) => a.n - b.n,
    kind: (a, b) => a.k - b.k || collator.compare(a.outcome, b.outcome),
    stage: (a, b) => !a.stage - !b.stage || collator.compare(a.stage, b.stage),
    severity: (a, b) => collator.compare(a.severity, b.severity),
    sure: (a, b) => a.sure - b.sure,
  };

  function sort(name, down) {
    const sign = down ? -1 : 1;
    cases.sort((a, b) => sign * keys[name](a, b) || a.n - b.n);
    list.append(...cases.map((row) => row.node));
    mark(name, down);
    filter();
  }

  function mark(name, down) {
    for (const button of heads.children) {
      const active = button.dataset.sort === name;
      if (active) button.dataset.way = down ? "down" : "up";
      else delete button.dataset.way;
      if (active) button.setAttribute("aria-label", `${button.textContent}, sorted ${down ? "falling" : "rising"}`);
      else button.removeAttribute("aria-label");
    }
  }

  const allOpen = () => shown.length > 0 && shown.every((row) => row.node.open);
  function label() {
    openAll.textContent = allOpen() ? "Close all shown" : "Open all shown";
  }

  function choose(kind) {
    for (const chip of chips) chip.setAttribute("aria-pressed", String(chip.dataset.kind === kind));
    filter();
  }

  function reveal() {
    const node = document.getElementById(location.hash.slice(1));
    if (!node?.classList.contains("case")) return;
    if (node.hidden) {
      form.reset();
      filter();
    }
    node.open = true;
    node.scrollIntoView({ block: "start" });
    node.firstElementChild.focus({ preventScroll: true });
  }

  for (const chip of chips)
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      filter();
    });
  for (const link of document.querySelectorAll(".tallies a")) link.addEventListener("click", () => choose(link.dataset.kind));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  form.addEventListener("reset", () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", "false");
    setTimeout(filter); // the fields are cleared after this event
  });
  heads.addEventListener("click", ({ target }) => {
    const name = target.dataset.sort;
    if (name) sort(name, target.dataset.way === "up");
  });
  openAll.addEventListener("click", () => {
    const open = !allOpen();
    for (const row of shown) row.node.open = open;
    label();
  });
  list.addEventListener("toggle", label, true);
  list.addEventListener("keydown", (event) => {
    if (event.target.tagName !== "SUMMARY" || !["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) return;
    const place = shown.findIndex((row) => row.node === event.target.parentElement);
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: shown.length - 1 }[event.key];
    shown[next]?.node.firstElementChild.focus();
    event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    const writing = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
    if (event.key === "/" && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      search.focus();
      event.preventDefault();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      filter();
    }
  });
  addEventListener("hashchange", reveal);

  form.hidden = heads.hidden = false;
  mark("order", false); // the order in which they stand
  filter();
  reveal();
})();
