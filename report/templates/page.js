"use strict";

config.legend.columns = window.innerWidth < 600 ? 1 : 6;

// Charts: the specification stands inside the element that the chart is drawn into.
for (const element of document.querySelectorAll(".chart")) {
  const specification = JSON.parse(element.querySelector("script").textContent);
  const options = {
    actions: false,
    renderer: "svg",
    ast: true, // expressions are interpreted: the page forbids itself to make code from text
    config,
    tooltip: { theme: "custom", disableDefaultStyle: true },
  };
  vegaEmbed(element, specification, options)
    .then(() => {
      element.querySelector("svg").setAttribute("aria-hidden", "true"); // the label of the element speaks for it
      element.classList.add("drawn");
    })
    .catch((error) => console.error(`${element.getAttribute("aria-label")}: ${error}`));
}

// Tables: a heading's button sorts by its column, and the other way round when it is pressed again.
const collator = new Intl.Collator("en", { numeric: true });

function sort(heading) {
  const table = heading.closest("table");
  const place = heading.cellIndex;
  const isDescending = heading.getAttribute("aria-sort") === "ascending";
  const isNumber = heading.classList.contains("number");
  const value = (row) => (isNumber ? row.cells[place].dataset.sort : row.cells[place].textContent);
  const compare = (one, other) => (isNumber ? one - other : collator.compare(one, other));
  const rows = [...table.tBodies[0].rows].sort((one, other) => {
    const [first, second] = [value(one), value(other)];
    if (first === "" || second === "") return (first === "") - (second === ""); // what is not known stays at the end
    return isDescending ? compare(second, first) : compare(first, second);
  });
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
  table.tBodies[0].append(...rows);
}

for (const button of document.querySelectorAll("th button")) {
  button.addEventListener("click", () => sort(button.closest("th")));
}
