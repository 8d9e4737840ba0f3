import { isAfter } from "./html.js";

export const NEWEST = "today";

/** The groups of the list: what is pinned, folders, days. */
export class Groups {
  #list;

  constructor(list) {
    this.#list = list;
  }

  find(name) {
    return this.#list.querySelector(`[data-group="${name}"]`);
  }

  /** Whether there is more of `group` than is here: what comes last belongs there. */
  goesOn(group) {
    if (group.matches(".list-folder")) {
      return Boolean(group.querySelector("li") && group.querySelector("a[rel=section]"));
    }
    const isLast = ![...this.#days].some(
      (day) => isAfter(day, group) && day.querySelector("li"),
    );
    return "day" in group.dataset && isLast && Boolean(this.#more);
  }

  /** Add a day that is not here yet; null where it comes after all that is here. */
  add(name, label, at) {
    if (!label) return null;
    const next = [...this.#days].find((day) => {
      const first = day.querySelector("li");
      return first && Number(first.dataset.at) < at;
    });
    if (!next && this.#more) return null;
    const day = this.find(NEWEST).cloneNode(true);
    day.dataset.group = name;
    day.querySelector("h2").textContent = label;
    day.querySelector("ol").replaceChildren();
    (next ?? this.#end).before(day);
    return day;
  }

  /** A day without conversations is no heading; today's stays for those to come. */
  tidy(group) {
    if (!group || !("day" in group.dataset) || group.dataset.group === NEWEST) return;
    if (!group.querySelector("li")) group.remove();
  }

  /** Add a further page, going on with the groups that are here. */
  merge(page) {
    for (const group of [...page.querySelectorAll("[data-group]")]) {
      const here = this.find(group.dataset.group);
      for (const item of [...group.querySelectorAll("li")]) {
        if (document.getElementById(item.id)) item.remove();
        else here?.querySelector("ol").append(item);
      }
      if (!here && group.querySelector("li")) this.#end.before(group);
    }
  }

  get #days() {
    return this.#list.querySelectorAll("[data-day]");
  }

  get #end() {
    return this.#list.querySelector(".list-end");
  }

  get #more() {
    return this.#list.querySelector(".list-end a[rel=next]");
  }
}
