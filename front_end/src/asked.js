/* What is asked for: outcomes, a rule, a control line, a town. It narrows what is seen of each layer, and how many features are left. */
import { byId, counted } from "./dom.js";

/** @import { Layer, Page } from "./types" */

/** @param {Page} page */
export function askedOf(page) {
  const { layers, words } = page;
  const boxes = /** @type {HTMLInputElement[]} */ (Array.from(document.querySelectorAll("#outcomes input")));
  const rule = byId("rule", HTMLSelectElement);
  const topic = byId("topic", HTMLSelectElement);
  const borderline = byId("borderline", HTMLInputElement);
  const town = byId("town", HTMLSelectElement);

  function refused() {
    return boxes.filter((box) => !box.checked).map((box) => box.value);
  }

  /** @param {Layer} layer */
  function recount(layer) {
    const topics = [rule.value, topic.value, borderline.checked ? borderline.id : ""].filter(Boolean);
    layer.hidden = hiddenOf(layer, new Set(refused()));
    layer.mask = maskOf(layer, { rule: rule.value, topics, town: town.value });
    layer.counted = countedOf(layer, page);
    layer.left = layer.counted.reduce((sum, count) => sum + count, 0);
  }

  function narrow() {
    for (const layer of layers) {
      recount(layer);
      for (const share of page.shares()) {
        share.restyle(layer);
        share.mask(layer);
      }
    }
    page.tree.refresh();
    page.table.refresh();
    tally();
    page.noted();
  }

  /* Of what is judged and on, how much is left. */
  function tally() {
    const judged = layers.filter(
      (layer) => layer.on && layer.tabled && layer.categories.some(({ outcome }) => outcome),
    );
    const left = judged.reduce((sum, layer) => sum + layer.left, 0);
    const total = judged.reduce((sum, layer) => sum + layer.facts.size, 0);
    const sentence = words.tally.replace("{count}", counted(left)).replace("{total}", counted(total));
    byId("tally", HTMLElement).textContent = !layers.length ? words.no_layers : judged.length ? sentence : "";
  }

  /* A rule that is asked for brings its layers, and takes away those of other rules. */
  function followRule() {
    if (rule.value) {
      for (const layer of layers.filter((one) => one.rules.length)) {
        switchTo(layer, layer.rules.includes(rule.value), page);
      }
      page.table.open(
        layers.find(({ on, tabled, rules, facts }) => on && tabled && (rules.includes(rule.value) || facts.rule)),
      );
    }
    narrow();
  }

  /* A control line that is asked for is seen. */
  function followTopic() {
    layers.filter(({ id }) => id === `line.${topic.value}`).forEach((layer) => switchTo(layer, true, page));
    narrow();
  }

  boxes.forEach((box) => box.addEventListener("change", narrow));
  rule.addEventListener("change", followRule);
  topic.addEventListener("change", followTopic);
  borderline.addEventListener("change", narrow);
  town.addEventListener("change", narrow);
  return {
    narrow,
    recount,
    tally,
    refused,
    rule: () => rule.value,
    topic: () => topic.value,
    borderline: () => borderline.checked,
    town: () => town.value,
    /** @param {Map<string, string>} parts of an address */
    set: (parts) => {
      const outcomes = (parts.get("hide") ?? "").split(",");
      for (const box of boxes) {
        box.checked = !outcomes.includes(box.value);
      }
      select(rule, parts.get("rule") ?? "");
      select(topic, parts.get("line") ?? "");
      select(town, parts.get("town") ?? "");
      borderline.checked = parts.has("borderline");
      narrow();
    },
  };
}

/**
 * Switch a layer on or off where it is not so already; its group is opened for it.
 * @param {Layer} layer
 * @param {boolean} on
 * @param {Page} page
 */
export function switchTo(layer, on, page) {
  if (on === layer.on) {
    return;
  }
  page.turn(layer, on);
  if (on) {
    page.tree.reveal(layer);
  }
}

/**
 * Choose a value; one that is not on offer is none.
 * @param {HTMLSelectElement} choice
 * @param {string} value
 */
function select(choice, value) {
  choice.value = value;
  if (choice.selectedIndex < 0) {
    choice.value = "";
  }
}

/**
 * @param {Layer} layer
 * @param {Set<string>} refused
 */
function hiddenOf({ categories }, refused) {
  return new Set([...categories.keys()].filter((at) => refused.has(categories[at].outcome ?? "")));
}

/**
 * Return 1 for each row of a rule, some topics and a town, null where all rows are asked for. Where rows have topics,
 * their rules are among them.
 * @param {Layer} layer
 * @param {{ rule: string, topics: string[], town: string }} asked
 */
function maskOf({ facts, rules }, { rule, topics, town }) {
  const about = facts.topics && topics.length ? facts.topics(topics) : null;
  const byRule = !facts.topics && rule && (facts.rule || rules.length);
  const byTown = town && facts.town;
  if (!byRule && !about && !byTown) {
    return null;
  }
  const mask = new Uint8Array(facts.size);
  for (let row = 0; row < facts.size; row += 1) {
    const ruled = !byRule || (facts.rule ? facts.rule.get(row) === rule : rules.includes(rule));
    mask[row] = ruled && (!about || about(row)) && (!byTown || facts.town?.get(row) === town) ? 1 : 0;
  }
  return mask;
}

/**
 * @param {Layer} layer
 * @param {Page} page
 */
function countedOf(layer, page) {
  const counts = layer.categories.map(() => 0);
  for (let row = 0; row < layer.facts.size; row += 1) {
    if (page.seen(layer, row)) {
      counts[layer.facts.category[row]] += 1;
    }
  }
  return counts;
}
