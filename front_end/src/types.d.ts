/* What the programs of the page hand one another. What Python writes into the page is described as Python writes it. */

/** MapLibre comes out of its Python package, which brings no types. */
// biome-ignore lint/suspicious/noExplicitAny: see above
export type MapLibre = any;

export type LonLat = [number, number];

/** An entry of style.toml, and whether all shapes of the layer are lines or points. */
export interface Look {
  fill?: string;
  fill_opacity?: number;
  stroke?: string;
  weight?: number;
  dash?: string;
  hatch?: string;
  stripe?: string;
  size?: number;
  ring?: number;
  line?: boolean;
  point?: boolean;
}

export interface Category {
  title: string;
  outcome: string | null;
  look: Look;
  count: number;
  /** What the legend says in place of the count. */
  told: string | null;
  /** Whether names of such features are written, where the layer has names. */
  named: boolean;
}

export interface Outcome {
  key: string;
  word: string;
  colour: string;
  sign: string;
  code: string;
}

export interface TiledShape {
  kind: "tiles";
  body: string;
  least: number;
  deepest: number;
  /** Zoom, column, row and length of every tile, one after the other. */
  index: number[];
}

/** An image that fills a box: west, south, east, north. */
export interface PicturedShape {
  kind: "picture";
  body: string;
  bounds: [number, number, number, number];
}

export interface SteppedShape {
  kind: "steps";
  body: string;
  scale: number;
}

/** What the page is told of a network of streets, as reached.py says it: costs by limit, metres otherwise. */
export interface ReachedFacts {
  /** How many bytes of the body are its own. */
  bytes: number;
  step: number;
  minutes: number[];
  limits: number[];
  cell: number;
  /** What a metre of straight way costs, and how long one may be. */
  factor: number;
  longest: number;
  degrees: {
    middle: [number, number];
    half: [number, number];
    power: number;
    lon: number[];
    lat: number[];
  };
}

/** Areas around what is chosen, which the page works out itself. */
export interface ReachedShape {
  kind: "reached";
  body: string;
  networks: ReachedFacts[];
  /** By view which network it goes by; the first where it says nothing. */
  network_of: Record<string, number>;
  /** How an area in square metres is written. */
  unit: { times: number; digits: number; small: number; sign: string };
}

/** A background that can lie below the map: a service of the network, or what somebody picks. */
export interface Background {
  id: string;
  title: string;
  urls: string[][];
  attribution?: string;
  least?: number;
  deepest?: number;
  token?: boolean;
  pick?: "folder" | "archive";
  note?: string;
  warning?: boolean;
}

/** The plane of a transverse Mercator, as planar.py writes it. */
export interface Plane {
  lon0: number;
  lat0: number;
  k0: number;
  east0: number;
  north0: number;
  a: number;
  rf: number;
}

export interface LayerHead {
  id: string;
  title: string;
  group: string;
  question: string;
  shown: boolean;
  labelled: boolean;
  tabled: boolean;
  rules: string[];
  categories: Category[];
  of: string | null;
  earlier: string | null;
  ground: boolean;
  /** Whether the run worked it out: it says nothing of an earlier one. */
  measured: boolean;
  /** Whether rows have numbers that stand on the map. */
  ranked: boolean;
  /** Whether rows are seen only while what they belong to is chosen. */
  companion: boolean;
  least_zoom: number;
  /** Whether its legend stands on the map. */
  keyed: boolean;
  picture?: string;
  /** What it can be besides, and by view which of these it is. */
  forms: { categories: Category[]; picture?: string }[];
  form_of: Record<string, number>;
  shape: TiledShape | SteppedShape | PicturedShape | ReachedShape;
}

/** What the page says of a clause: the layers that show it, and where short addresses lead. */
export interface View {
  id: string;
  title: string;
  layers: string[];
  /** By the word of an address: the layer, and the number of its first row. */
  spots: Record<string, [layer: string, first: number]>;
  alt: string;
}

/** A year that stands on a side: how the address and the choices call it, and its layers. */
export interface Year {
  id: string;
  title: string;
  layers: string[];
}

/** Two years that are held against each other, the earlier one first. */
export interface Pair {
  title: string;
  sides: Year[];
}

export interface Payload {
  layers: LayerHead[];
  pairs: Pair[];
  views: View[];
  /** The view that the page opens with. */
  view: string | null;
  /** The feature on which it opens, as the address names it. */
  first: string | null;
  bounds: [LonLat, LonLat];
  least: number;
  alt: string;
  words: Record<string, string>;
  outcomes: Record<string, Outcome>;
  rules: [code: string, title: string][];
  grounds: Background[];
  plane: Plane | null;
  printed: string;
  /** Which files the map is drawn from, in words. */
  sources: string;
}

/** Texts without repetitions, and which of them each row has; -1 is none. */
export interface ListedTexts {
  list: string[];
  numbers: number[];
}

export type WrittenColumn = { title: string; absent?: string } & (
  | ListedTexts
  | { several: true; list: string[]; numbers: number[][] }
  | { text: string }
  | { digits: number; numbers: (number | null)[] }
  | { digits: 0; steps: (number | null)[] }
);

/** The facts of a layer as facts.py writes them. */
export interface Table {
  columns: WrittenColumn[];
  /** The category of each row; -1 is not there. */
  category: number[];
  /** The same by form, and which of the columns are told in it. */
  forms?: { told: number[]; category: number[] }[];
  ranks?: number[];
  /** Longitude and latitude of each row, as steps from the row before. */
  at: number[];
  /** The zoom to look at each row, in quarters. */
  zoom: number[];
  rule?: ListedTexts;
  town?: ListedTexts;
  owner?: number[];
  opinions?: Opinion[][];
  topics?: { list: string[]; numbers: number[][] };
  anchors?: string[];
}

/** The tables of a page, with places in lists that stand once in place of columns and of lists by row. */
export interface SharedTables {
  tables: (Omit<Table, "columns" | "category" | "at" | "zoom"> & {
    columns: number[];
    category: number;
    at: number;
    zoom: number;
  })[];
  columns: WrittenColumn[];
  lists: number[][];
}

/** Where a person decided, the outcome in words that say so stands at the end. */
export type Opinion = [title: string, outcome: string, sentences: string, decided?: string];

export type Value = string | number | null | undefined;

export interface Column {
  title: string;
  number?: boolean;
  /** What the column is sorted by. */
  value: (row: number) => Value;
  /** What a reader sees. */
  get: (row: number) => string | null;
  outcome?: (row: number) => string | null;
}

/** A column that can be searched: it marks the rows that hold some words in small letters. */
export interface SearchedColumn extends Column {
  mark: (wanted: string, hit: Uint8Array) => void;
}

export interface Texts {
  get: (row: number) => string | null;
}

export interface Facts {
  size: number;
  columns: SearchedColumn[];
  category: Int16Array;
  lon: Float64Array;
  lat: Float64Array;
  holding: (words: string) => Uint8Array;
  sorted: (rows: number[], value: (row: number) => Value, down: boolean) => number[];
  flown: (row: number) => number;
  rule: Texts | null;
  town: Texts | null;
  owner: Int32Array | null;
  /** The number each row bears on the map, 0 for none. */
  ranks: number[] | null;
  opinions: Opinion[][] | null;
  /** What else each row can be asked for by. */
  topics: ((keys: string[]) => (row: number) => boolean) | null;
  /** What a link can call each row by. */
  anchors: string[] | null;
  name: (row: number) => string | null;
}

export interface Layer extends LayerHead {
  facts: Facts;
  table: Table;
  /** Which of its forms it has; null where it has but one. */
  form: number | null;
  on: boolean;
  strength: number;
  /** Categories whose outcome is not asked for. */
  hidden: Set<number>;
  /** 1 for each row of the rule and the town that are asked for; null where neither is. */
  mask: Uint8Array | null;
  chosen: number | null;
  left: number;
  counted: number[];
}

/** A feature: its layer and its row there. */
export type Feature = [layer: Layer, row: number];

/** One map's share of the layers. */
export interface Share {
  map: MapLibre;
  /** Resolves once the layer is on the map. */
  show: (layer: Layer) => Promise<void>;
  hide: (layer: Layer) => void;
  restyle: (layer: Layer) => void;
  /** Draw a layer anew whose rows are others now. */
  remake: (layer: Layer) => void;
  mask: (layer: Layer) => void;
  choose: (layer: Layer, row: number | null, on: boolean) => void;
}

/** A side of two maps in one place: what the legend calls it, and its layers. */
export interface Side {
  title: string;
  layers: Layer[];
  /** Whether the legend tells its classes by their own names, also where a layer has but one. */
  classed?: boolean;
}

export interface Swipe {
  toggle: (wanted: boolean) => void;
  /** Open on the sides that an address names, and go there unless it says where to look. */
  open: (sides: string[], placed: boolean) => void;
  /** What is chosen for the left and for the right; nothing where there is one map. */
  chosen: () => string[];
  apply: () => void;
  at: (x: number) => MapLibre;
  on: () => boolean;
  second: () => Share | null;
  /** What is on the left and on the right; null where there is one map. */
  sides: () => Side[] | null;
  /** Where the divider stands, as a share of the width. */
  place: () => number;
  moveTo: (place: number) => void;
}

/** What the parts of the page ask of one another; main.js puts it together. */
export interface Page {
  data: Payload;
  words: Record<string, string>;
  layers: Layer[];
  map: MapLibre | null;
  first: Share;
  swipe: Swipe | null;
  tree: { refresh: () => void; reveal: (layer: Layer) => void };
  table: {
    open: (layer: Layer | undefined) => void;
    refresh: () => void;
    unfold: (wanted: boolean) => void;
    mark: () => void;
    layer: () => Layer | null;
    tabled: Layer[];
  };
  card: { show: (found: Feature[], place: LonLat) => void; close: () => void };
  /** Rows that hold the words that are searched for, by layer; null where none are. */
  hits: Map<string, Uint8Array> | null;
  selected: Feature | null;
  /** The view that is chosen. */
  view: View | undefined;
  /** Choose a view in which a row is there. */
  bring: (feature: Feature) => void;
  shares: () => Share[];
  seen: (layer: Layer, row: number) => boolean;
  turn: (layer: Layer, on: boolean) => void;
  restyle: (layer: Layer) => void;
  choose: (feature: Feature | null) => void;
  fly: (feature: Feature) => void;
  open: (wanted: boolean) => void;
  speak: (feature: Feature) => void;
  tally: () => void;
  /** Write into the address what is seen. */
  noted: () => void;
  /** Say whether clicks on the map measure. */
  busy: () => boolean;
  /** Lay the background again, on all maps there are. */
  laid: () => void;
  mapAt: (x: number) => MapLibre;
  verdict: (key: string, word?: string | null) => HTMLElement;
  ruleTitle: (code: string | null) => string | null;
}

declare global {
  const maplibregl: MapLibre;
  interface Window {
    mainMap: MapLibre;
  }
}
