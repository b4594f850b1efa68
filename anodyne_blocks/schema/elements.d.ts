// Elements of anodyne_blocks, contract 1.3.
// Written by `manage.py anodyne_schema --format typescript`.

/** The contract of these types: a larger first number may break, a second one adds. */
export type ContractVersion = "1.3";

/** An element of an article, as `resolved` in the API. */
export type ArticleElement =
  | Heading
  | Paragraph
  | Figure
  | Standfirst
  | Byline
  | ReadingTime
  | ReviewerBox
  | FAQ
  | SourceList
  | ProductCard
  | ProductGrid
  | ShopRating
  | Share
  | Contents
  | KeyPoints
  | Notice
  | Steps
  | Quote
  | RelatedArticles
  | Disclosure;

/** What the API gives for a block: the stored children, and the element or null. */
export interface ElementValue<Resolved extends ArticleElement = ArticleElement> {
  readonly resolved: Resolved | null;
}

/**
 * `state` for programs, `text` for readers; `since` is the day to come of a pre-order, or of
 * what is sold later, and null where nobody says it.
 */
export interface Availability {
  readonly state: "in_stock" | "low_stock" | "out_of_stock" | "preorder" | "backorder" | "later" | "withdrawn" | "unknown";
  readonly text: string;
  readonly since: Date | null;
}

/** The tag on a card. `kind` is "reduction" (computed) or "editor" (typed, without a claim). */
export interface Badge {
  readonly kind: "reduction" | "editor";
  readonly text: string;
  readonly spoken: string;
}

/**
 * Who wrote it, when, and how long it takes. `text` is the authors' part ("By A and B").
 *
 * `disclosure` says what the article's placements are paid for, where the site wants it here.
 */
export interface Byline {
  readonly type: "byline";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly authors: readonly Credit[];
  readonly separators: readonly string[];
  readonly published: Date | null;
  readonly published_label: string;
  readonly updated: Date | null;
  readonly updated_label: string;
  readonly reading_time: ReadingTime | null;
  readonly disclosure: string;
}

/** The condition of goods that are not new: `state` for programs, `text` for readers. */
export interface Condition {
  readonly state: "used" | "refurbished";
  readonly text: string;
}

/** The table of contents, from the page's headings. */
export interface Contents {
  readonly type: "contents";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly label: string;
  readonly entries: readonly ContentsEntry[];
}

/** One line of the table of contents; `level` is the heading's. */
export interface ContentsEntry {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/**
 * A name that takes credit: an author or the reviewer. `url` is "" where there is no page.
 *
 * `kind` is "person" or "organisation"; `key` tells equal names apart ("person-7").
 */
export interface Credit {
  readonly key: string;
  readonly kind: "person" | "organisation";
  readonly name: string;
  readonly url: string;
}

/** A day or a moment: `iso` as ISO 8601 (with zone for a moment), `formatted` for readers. */
export interface Date {
  readonly iso: string;
  readonly formatted: string;
}

/** What the article's placements are paid for, said once; "both" is ad and affiliate. */
export interface Disclosure {
  readonly type: "disclosure";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly kind: "ad" | "affiliate" | "both";
  readonly text: string;
}

/**
 * Questions and answers. `group` is set where only one may be open at a time.
 *
 * `is_faq_page` says whether the editor declares these to be the page's frequently asked
 * questions in its structured data.
 */
export interface FAQ {
  readonly type: "faq";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: number;
  readonly question_level: number;
  readonly introduction: string;
  readonly items: readonly FAQItem[];
  readonly group: string;
  readonly is_faq_page: boolean;
  readonly link_label: string;
}

/** A question and its answer (`answer` is rich text). `anchor` is unique and lasting. */
export interface FAQItem {
  readonly anchor: string;
  readonly question: string;
  readonly answer: string;
}

/** An image of the article with its caption and credit. */
export interface Figure {
  readonly type: "figure";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly image: Image;
  readonly caption: string;
  readonly credit: string;
}

/** A heading within the article. `anchor` is unique on the page. */
export interface Heading {
  readonly type: "heading";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/**
 * An image in its named sizes, smallest first.
 *
 * `url`, `width` and `height` are those of the middle size, for clients that take one;
 * `srcset` is ready for the HTML attribute. `alt` is "" for a decorative image. `loading` is
 * "eager" where readers may see the image without scrolling.
 */
export interface Image {
  readonly alt: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly srcset: string;
  readonly sizes: readonly ImageSize[];
  readonly loading: "lazy" | "eager";
}

/** One named size of an image: `width` and `height` in pixels. */
export interface ImageSize {
  readonly name: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

/** One line of the key points: `html` with its links resolved. */
export interface KeyPoint {
  readonly html: string;
}

/** What to remember, in a few lines under a heading. */
export interface KeyPoints {
  readonly type: "key_points";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: number;
  readonly points: readonly KeyPoint[];
}

/** A link with its text; `rel` is ready for the HTML attribute, "" for none. */
export interface Link {
  readonly text: string;
  readonly url: string;
  readonly rel: string;
}

/**
 * A place in the text that cites a source: its anchor, and the link back to it.
 *
 * `label` tells the places of a source apart ("a", "b", …), `text` says it in words.
 */
export interface Mention {
  readonly anchor: string;
  readonly label: string;
  readonly text: string;
}

/**
 * An amount in a currency, raw and as a reader of one language reads it.
 *
 * In JSON: `{"amount": "53.10", "currency": "EUR", "formatted": "€ 53,10"}`. `money()` makes
 * one.
 */
export interface Money {
  /** The exact amount in major units, as a string with at least the currency's usual decimals. */
  readonly amount: string;
  /** ISO 4217 code. */
  readonly currency: string;
  /**
   * The amount as written in the language of the page, all its decimals; may hold direction
   * marks. "Free" in that language for a card's price of 0.
   */
  readonly formatted: string;
}

/** A box beside the text. `label` says of which kind it is ("Caution"), `html` what it says. */
export interface Notice {
  readonly type: "notice";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly kind: "information" | "caution" | "doctor" | "disclosure";
  readonly label: string;
  readonly heading: string;
  readonly heading_level: number;
  readonly html: string;
}

/** Running text: `html` with its links resolved. */
export interface Paragraph {
  readonly type: "paragraph";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly html: string;
}

/**
 * A product as its page's market offers it.
 *
 * `price` is null where no price may be shown: withdrawn, not offered in this market, or stale
 * and hidden. `price_text` is the price as a reader reads it, "from € 10,00" where it is the
 * lowest of several (`price_from`). `stale` is the date of a price that the shop has not
 * confirmed
 * lately; such a card never announces a reduction. `buyable` says whether `button` leads to
 * something to buy.
 */
export interface ProductCard {
  readonly type: "product_card";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly product: number;
  readonly market: string;
  readonly layout: "card" | "compact" | "wide";
  readonly heading_level: number;
  readonly title: string;
  readonly text: string;
  readonly link: Link | null;
  readonly image: Image | null;
  readonly badges: readonly Badge[];
  readonly price: Money | null;
  readonly price_from: boolean;
  readonly price_text: string;
  readonly price_label: string;
  readonly reduction: Reduction | null;
  readonly unit_price: string;
  readonly tax_note: string;
  readonly condition: Condition | null;
  readonly availability: Availability | null;
  readonly rating: Rating | null;
  readonly button: Link | null;
  readonly buyable: boolean;
  readonly disclosure: string;
  readonly stale: Date | null;
  readonly stale_text: string;
}

/** Several cards side by side; rows of the same facts line up. */
export interface ProductGrid {
  readonly type: "product_grid";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly heading: string;
  readonly heading_level: number;
  readonly anchor: string;
  readonly cards: readonly ProductCard[];
}

/**
 * What somebody else has said or written: `html`, and where it is from.
 *
 * `attribution` is rich text, which may cite the page's sources; their anchors are `sources`.
 */
export interface Quote {
  readonly type: "quote";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly html: string;
  readonly attribution: string;
  readonly sources: readonly string[];
}

/**
 * Stars: `value` of `best`, from `count` opinions; `percent` of the stars is filled.
 *
 * `text` says it in words ("4.6 out of 5"), `short` in figures ("4.6"), `count_text` as "(212)".
 */
export interface Rating {
  readonly value: string;
  readonly best: number;
  readonly count: number | null;
  readonly percent: number;
  readonly text: string;
  readonly short: string;
  readonly count_text: string;
}

/** How long the article takes: `text` as "Reading time: 6 minutes", `duration` as "PT6M". */
export interface ReadingTime {
  readonly type: "reading_time";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly minutes: number;
  readonly text: string;
  readonly duration: string;
}

/**
 * An announced price reduction, proven by the market's rule.
 *
 * `prior` is the price it is computed from; `percent` is rounded down. `prior_label` names the
 * prior price for screen readers ("Previous price:"), `prior_text` is the sentence that the law
 * wants readable ("Lowest price of the 30 days before the reduction: € 53,00").
 */
export interface Reduction {
  readonly prior: Money;
  readonly percent: number;
  readonly percent_text: string;
  readonly prior_label: string;
  readonly prior_text: string;
}

/** Another article in the same language, and how long it takes to read. */
export interface RelatedArticle {
  readonly title: string;
  readonly url: string;
  readonly text: string;
  readonly reading_time: ReadingTime | null;
}

/** Articles to read next. */
export interface RelatedArticles {
  readonly type: "related_articles";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: number;
  readonly articles: readonly RelatedArticle[];
}

/**
 * Who checked the article for accuracy, and when. It never recommends a product.
 *
 * Where the text has changed since, `is_outdated`: `scope` says so, in place of what was
 * checked.
 */
export interface ReviewerBox {
  readonly type: "reviewer";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly label: string;
  readonly person: Credit;
  readonly name_line: string;
  readonly credentials: string;
  readonly job_title: string;
  readonly organisation: string;
  readonly role: string;
  readonly experience: string;
  readonly licence: string;
  readonly bio: string;
  readonly photo: Image | null;
  readonly links: readonly Link[];
  readonly links_label: string;
  readonly scope: string;
  readonly is_outdated: boolean;
  readonly reviewed: Date;
  readonly reviewed_text: string;
  readonly next_review: Date | null;
  readonly next_review_text: string;
}

/** Ways to share the page: plain links, and the device's own share sheet where it has one. */
export interface Share {
  readonly type: "share";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly label: string;
  readonly url: string;
  readonly title: string;
  readonly native_label: string;
  readonly copy_label: string;
  readonly copied_label: string;
  readonly links: readonly ShareLink[];
}

/** A plain link that shares the page: `name` is the network's, `text` the whole phrase. */
export interface ShareLink {
  readonly network: string;
  readonly name: string;
  readonly text: string;
  readonly url: string;
}

/** What buyers say of the shop, with source and date. */
export interface ShopRating {
  readonly type: "shop_rating";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly name: string;
  readonly rating: Rating;
  readonly text: string;
  readonly source: Link;
  readonly as_of: Date;
  readonly as_of_text: string;
  readonly verification: string;
}

/**
 * One entry of the source list, in order: `before` **`title`** `after`.
 *
 * `after` begins with the title's full stop, where the title needs one.
 * `url` is the title's link ("" for none); `links` are the identifiers (DOI, PubMed).
 * `text` is the whole entry as plain text. `mentions` are the places in the text that cite it,
 * and
 * `key` is what these hold in place of the number ("" for a source that was never cited).
 */
export interface Source {
  readonly number: number;
  readonly anchor: string;
  readonly kind: string;
  readonly authors: string;
  readonly title: string;
  readonly container: string;
  readonly year: string;
  readonly url: string;
  readonly before: string;
  readonly after: string;
  readonly accessed: string;
  readonly links: readonly Link[];
  readonly text: string;
  readonly key: string;
  readonly mentions: readonly Mention[];
}

/**
 * The numbered list of sources; `collapsed` with `summary` as its label when it is long.
 *
 * The entries are in the order in which the page cites them, those that it does not cite last.
 */
export interface SourceList {
  readonly type: "sources";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: number;
  readonly entries: readonly Source[];
  readonly collapsed: boolean;
  readonly summary: string;
}

/** The two or three sentences between headline and text. */
export interface Standfirst {
  readonly type: "standfirst";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly text: string;
}

/** One step: `duration` as ISO 8601 ("PT1M30S"), `duration_text` for readers; "" for none. */
export interface Step {
  readonly title: string;
  readonly html: string;
  readonly image: Image | null;
  readonly duration: string;
  readonly duration_text: string;
}

/**
 * Numbered steps, such as those of an exercise or a repair; numbers are their places.
 *
 * Titles of steps are headings of `title_level`.
 */
export interface Steps {
  readonly type: "steps";
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: number;
  readonly title_level: number;
  readonly introduction: string;
  readonly steps: readonly Step[];
}
