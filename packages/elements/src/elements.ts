// Elements of anodyne_blocks, contract 1.3.
// Written by `manage.py anodyne_schema --format typescript`.

/** The contract of these types: a larger first number may break, a second one adds. */
export type ContractVersion = "1.3";

/** HTML that Wagtail has cleaned, with its links resolved; all other texts are plain. */
export type HTML = string;

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
  | ProductComparison
  | ProductVerdict
  | Picks
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

/** Any JSON. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A thing of structured data, by schema.org's names. */
export interface JsonLdNode {
  readonly "@type": string;
  readonly "@id"?: string;
  readonly [property: string]: Json | undefined;
}

/** The page's structured data: `json_ld`. */
export interface JsonLd {
  readonly "@context": "https://schema.org";
  readonly "@graph": readonly JsonLdNode[];
}

/** What API v2 and v3 both say about a page. */
export interface PageMeta {
  readonly type: string;
  readonly detail_url: string | null;
  readonly html_url: string | null;
  readonly slug: string;
  readonly locale: string | null;
  readonly first_published_at: string | null;
}

/**
 * A page with an article, as API v2 and v3 give it. Add what your page model has:
 * `ArticlePage & { readonly lead: ArticleImage | null }`. `Item` is a block of your own body.
 */
export interface ArticlePage<Item = BodyItem> {
  readonly id: number;
  readonly title: string;
  readonly meta: PageMeta;
  readonly body: readonly Item[];
}

/** Byline */
export interface ArticleBodyByline {
  readonly type: "byline";
  readonly value: BylineBlockValue;
  readonly id: string | null;
}

/** Table of contents */
export interface ArticleBodyContents {
  readonly type: "contents";
  readonly value: TableOfContentsBlockValue;
  readonly id: string | null;
}

/** Disclosure */
export interface ArticleBodyDisclosure {
  readonly type: "disclosure";
  readonly value: DisclosureBlockValue;
  readonly id: string | null;
}

/** Questions and answers */
export interface ArticleBodyFaq {
  readonly type: "faq";
  readonly value: FAQBlockValue;
  readonly id: string | null;
}

/** Heading */
export interface ArticleBodyHeading {
  readonly type: "heading";
  readonly value: HeadingBlockValue;
  readonly id: string | null;
}

/** Image */
export interface ArticleBodyImage {
  readonly type: "image";
  readonly value: ImageBlockValue;
  readonly id: string | null;
}

/** Key points */
export interface ArticleBodyKeyPoints {
  readonly type: "key_points";
  readonly value: KeyPointsBlockValue;
  readonly id: string | null;
}

/** Notice */
export interface ArticleBodyNotice {
  readonly type: "notice";
  readonly value: NoticeBlockValue;
  readonly id: string | null;
}

/** Text */
export interface ArticleBodyParagraph {
  readonly type: "paragraph";
  readonly value: ParagraphBlockValue;
  readonly id: string | null;
}

/** Picks */
export interface ArticleBodyPicks {
  readonly type: "picks";
  readonly value: PicksBlockValue;
  readonly id: string | null;
}

/** Product card */
export interface ArticleBodyProductCard {
  readonly type: "product_card";
  readonly value: ProductCardBlockValue;
  readonly id: string | null;
}

/** Comparison */
export interface ArticleBodyProductComparison {
  readonly type: "product_comparison";
  readonly value: ProductComparisonBlockValue;
  readonly id: string | null;
}

/** Product grid */
export interface ArticleBodyProductGrid {
  readonly type: "product_grid";
  readonly value: ProductGridBlockValue;
  readonly id: string | null;
}

/** Verdict */
export interface ArticleBodyProductVerdict {
  readonly type: "product_verdict";
  readonly value: ProductVerdictBlockValue;
  readonly id: string | null;
}

/** Quote */
export interface ArticleBodyQuote {
  readonly type: "quote";
  readonly value: QuoteBlockValue;
  readonly id: string | null;
}

/** Reading time */
export interface ArticleBodyReadingTime {
  readonly type: "reading_time";
  readonly value: ReadingTimeBlockValue;
  readonly id: string | null;
}

/** Related articles */
export interface ArticleBodyRelatedArticles {
  readonly type: "related_articles";
  readonly value: RelatedArticlesBlockValue;
  readonly id: string | null;
}

/** Reviewer */
export interface ArticleBodyReviewer {
  readonly type: "reviewer";
  readonly value: ReviewerBlockValue;
  readonly id: string | null;
}

/** Share */
export interface ArticleBodyShare {
  readonly type: "share";
  readonly value: ShareBlockValue;
  readonly id: string | null;
}

/** Shop rating */
export interface ArticleBodyShopRating {
  readonly type: "shop_rating";
  readonly value: ShopRatingBlockValue;
  readonly id: string | null;
}

/** Sources */
export interface ArticleBodySources {
  readonly type: "sources";
  readonly value: SourceListBlockValue;
  readonly id: string | null;
}

/** Standfirst */
export interface ArticleBodyStandfirst {
  readonly type: "standfirst";
  readonly value: StandfirstBlockValue;
  readonly id: string | null;
}

/** Steps */
export interface ArticleBodySteps {
  readonly type: "steps";
  readonly value: StepsBlockValue;
  readonly id: string | null;
}

/** An author: a person, or the name of an organisation. */
export interface AuthorBlockValue {
  readonly person: number | null;
  readonly organisation: string | null;
}

/** A block of an article's body, as the API gives it. */
export type BodyItem =
  | ArticleBodyStandfirst
  | ArticleBodyByline
  | ArticleBodyReadingTime
  | ArticleBodyDisclosure
  | ArticleBodyKeyPoints
  | ArticleBodyContents
  | ArticleBodyHeading
  | ArticleBodyParagraph
  | ArticleBodyImage
  | ArticleBodyQuote
  | ArticleBodyNotice
  | ArticleBodySteps
  | ArticleBodyProductCard
  | ArticleBodyProductGrid
  | ArticleBodyProductComparison
  | ArticleBodyProductVerdict
  | ArticleBodyPicks
  | ArticleBodyShopRating
  | ArticleBodyFaq
  | ArticleBodySources
  | ArticleBodyReviewer
  | ArticleBodyShare
  | ArticleBodyRelatedArticles;

/** Authors, dates and reading time on one line. */
export interface BylineBlockValue {
  readonly authors: readonly AuthorBlockValue[];
  readonly show_updated: boolean | null;
  readonly show_reading_time: boolean | null;
  readonly show_portraits: boolean | null;
  readonly published: string | null;
  readonly updated: string | null;
  readonly resolved: Byline | null;
}

/** One product of a comparison, with what is known of it by each criterion. */
export interface ComparedProductBlockValue {
  readonly product: number | null;
  readonly is_choice: boolean | null;
  readonly reason: string | null;
  readonly values: readonly ValueBlockValue[];
  readonly relationship: string | null;
  readonly title: string | null;
  readonly badge: string | null;
  readonly button_text: string | null;
  readonly resolved: ProductCard | null;
}

/** One row of a comparison: its name, what kind of value it holds, and which way is better. */
export interface CriterionBlockValue {
  readonly name: string | null;
  readonly kind: string | null;
  readonly unit: string | null;
  readonly better: string | null;
  readonly key: string | null;
}

/** What the article's placements are paid for; it shows where there are such. */
export interface DisclosureBlockValue {
  readonly text: string | null;
  readonly resolved: Disclosure | null;
}

/** Questions and answers that open without JavaScript. */
export interface FAQBlockValue {
  readonly heading: string | null;
  readonly introduction: string;
  readonly questions: readonly QuestionBlockValue[];
  readonly anchor: string | null;
  readonly heading_level: string | null;
  readonly one_at_a_time: boolean | null;
  readonly is_faq_page: boolean | null;
  readonly resolved: FAQ | null;
}

/** A card of a grid, which resolves it: the grid's element holds it, once. */
export interface GridCardBlockValue {
  readonly product: number | null;
  readonly relationship: string | null;
  readonly title: string | null;
  readonly text: string | null;
  readonly badge: string | null;
  readonly button_text: string | null;
}

/** A heading with an anchor; the table of contents and the elements' own levels follow it. */
export interface HeadingBlockValue {
  readonly text: string | null;
  readonly level: string | null;
  readonly anchor: string | null;
  readonly resolved: Heading | null;
}

/** An image with alternative text, caption and credit. */
export interface ImageBlockValue {
  readonly image: number | null;
  readonly alt_text: string | null;
  readonly caption: string | null;
  readonly decorative: boolean | null;
  readonly credit: string | null;
  readonly resolved: Figure | null;
}

/** What a reader takes home, in three to seven lines. */
export interface KeyPointsBlockValue {
  readonly points: readonly string[];
  readonly heading: string | null;
  readonly resolved: KeyPoints | null;
}

/** A box beside the text: written here, or a notice that many pages share. */
export interface NoticeBlockValue {
  readonly notice: number | null;
  readonly kind: string | null;
  readonly heading: string | null;
  readonly text: string;
  readonly resolved: Notice | null;
}

/** Running text. */
export interface ParagraphBlockValue {
  readonly text: string;
  readonly resolved: Paragraph | null;
}

/** Links to all verdicts and comparisons of the page, with their live prices. */
export interface PicksBlockValue {
  readonly label: string | null;
  readonly resolved: Picks | null;
}

/** One product with its live price. */
export interface ProductCardBlockValue {
  readonly product: number | null;
  readonly layout: string | null;
  readonly relationship: string | null;
  readonly title: string | null;
  readonly text: string | null;
  readonly badge: string | null;
  readonly button_text: string | null;
  readonly resolved: ProductCard | null;
}

/** Two to six products side by side, by criteria and by what their offers say. */
export interface ProductComparisonBlockValue {
  readonly heading: string | null;
  readonly start_from: number | null;
  readonly criteria: readonly CriterionBlockValue[];
  readonly products: readonly ComparedProductBlockValue[];
  readonly anchor: string | null;
  readonly resolved: ProductComparison | ProductCard | null;
}

/** Several products side by side. */
export interface ProductGridBlockValue {
  readonly heading: string | null;
  readonly cards: readonly GridCardBlockValue[];
  readonly anchor: string | null;
  readonly resolved: ProductGrid | null;
}

/** The magazine's own test of one product: verdict, score, good and bad, for whom, how. */
export interface ProductVerdictBlockValue {
  readonly product: number | null;
  readonly verdict: string | null;
  readonly score: string | null;
  readonly good: readonly (string | null)[];
  readonly bad: readonly (string | null)[];
  readonly audience: string | null;
  readonly method: string | null;
  readonly tested: string | null;
  readonly tester: number | null;
  readonly relationship: string | null;
  readonly title: string | null;
  readonly button_text: string | null;
  readonly anchor: string | null;
  readonly resolved: ProductVerdict | null;
}

/** A question, its answer, and the anchor that stays when the question is reworded or moved. */
export interface QuestionBlockValue {
  readonly question: string | null;
  readonly answer: string;
  readonly anchor: string | null;
}

/** What somebody has said or written, and where it is from. */
export interface QuoteBlockValue {
  readonly text: string;
  readonly attribution: string;
  readonly resolved: Quote | null;
}

/** How many minutes the page takes to read. */
export interface ReadingTimeBlockValue {
  readonly minutes: number | null;
  readonly resolved: ReadingTime | null;
}

/** Other articles in the page's language: chosen ones first, then the newest with a tag. */
export interface RelatedArticlesBlockValue {
  readonly pages: readonly (number | null)[];
  readonly tag: string | null;
  readonly heading: string | null;
  readonly most: number | null;
  readonly resolved: RelatedArticles | null;
}

/** “Reviewed by”: who checked the article for accuracy, and when. */
export interface ReviewerBlockValue {
  readonly person: number | null;
  readonly reviewed: string | null;
  readonly next_review: string | null;
  readonly scope: string | null;
  readonly resolved: ReviewerBox | null;
}

/** Links that share the page; no script of others, no tracker. */
export interface ShareBlockValue {
  readonly label: string | null;
  readonly resolved: Share | null;
}

/** The shop's rating, with source and date. */
export interface ShopRatingBlockValue {
  readonly rating: number | null;
  readonly resolved: ShopRating | null;
}

/** One source. Of the fields only the title is always needed. */
export interface SourceBlockValue {
  readonly kind: string | null;
  readonly authors: string | null;
  readonly title: string | null;
  readonly container: string | null;
  readonly year: number | null;
  readonly url: string | null;
  readonly doi: string | null;
  readonly pubmed_id: string | null;
  readonly accessed: string | null;
  readonly key: string | null;
  readonly anchor: string | null;
}

/** The sources that an article rests on, numbered. */
export interface SourceListBlockValue {
  readonly sources: readonly SourceBlockValue[];
  readonly heading: string | null;
  readonly anchor: string | null;
  readonly resolved: SourceList | null;
}

/** The sentences between headline and text; a page shows the first one only. */
export interface StandfirstBlockValue {
  readonly text: string | null;
  readonly resolved: Standfirst | null;
}

/** One step, with a picture and the time that it takes where these help. */
export interface StepBlockValue {
  readonly title: string | null;
  readonly text: string;
  readonly image: number | null;
  readonly alt_text: string | null;
  readonly minutes: number | null;
  readonly seconds: number | null;
}

/** Numbered steps: an exercise, a repair. */
export interface StepsBlockValue {
  readonly heading: string | null;
  readonly introduction: string;
  readonly steps: readonly StepBlockValue[];
  readonly anchor: string | null;
  readonly resolved: Steps | null;
}

/** The page's headings as links; a page shows the first five of its tables. */
export interface TableOfContentsBlockValue {
  readonly label: string | null;
  readonly depth: string | null;
  readonly resolved: Contents | null;
}

/** What one criterion says of one product. */
export interface ValueBlockValue {
  readonly criterion: string | null;
  readonly value: string | null;
}

/** A day or a moment: `iso` as ISO 8601 (with zone for a moment), `formatted` for readers. */
export interface ArticleDate {
  readonly iso: string;
  readonly formatted: string;
}

/**
 * An image in its named sizes, smallest first.
 *
 * `url`, `width` and `height` are those of the middle size, for clients that take one;
 * `srcset` is ready for the HTML attribute. `alt` is "" for a decorative image. `loading` is
 * "eager" where readers may see the image without scrolling.
 */
export interface ArticleImage {
  readonly alt: string;
  readonly url: string;
  readonly width: number;
  readonly height: number;
  readonly srcset: string;
  readonly sizes: readonly ImageSize[];
  readonly loading: "lazy" | "eager";
}

/**
 * `state` for programs, `text` for readers; `since` is the day to come of a pre-order, or of
 * what is sold later, and null where nobody says it.
 */
export interface Availability {
  readonly state: "in_stock" | "low_stock" | "out_of_stock" | "preorder" | "backorder" | "later" | "withdrawn" | "unknown";
  readonly text: string;
  readonly since: ArticleDate | null;
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
 * `reviewer` is the name of who checked the text that stands there, after `reviewer_label`
 * ("Reviewed by"); the reviewer's box is at `reviewer_anchor`. "" where there is no such box.
 * `portraits` are photos of the authors who have one, where the editor wants them: decorative.
 */
export interface Byline {
  readonly type: "byline";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly authors: readonly Credit[];
  readonly separators: readonly string[];
  readonly published: ArticleDate | null;
  readonly published_label: string;
  readonly updated: ArticleDate | null;
  readonly updated_label: string;
  readonly reading_time: ReadingTime | null;
  readonly disclosure: string;
  readonly reviewer: string;
  readonly reviewer_label: string;
  readonly reviewer_anchor: string;
  readonly portraits: readonly ArticleImage[];
}

/** The product that the magazine would take: its `position` from 1, and why. */
export interface Choice {
  readonly position: number;
  readonly label: string;
  readonly text: string;
  readonly reason: string;
}

/**
 * What a criterion says of a `product` (its title), `text` as a reader reads it.
 *
 * `text` is "" where nobody knows it: `is_known` is false then.
 * `number`, `answer` and `rating` are the value for programs, in rows of that kind. `is_best` is
 * true of the best values of a row that says which way is better.
 */
export interface ComparedValue {
  readonly product: string;
  readonly text: string;
  readonly is_known: boolean;
  readonly is_best: boolean;
  readonly answer: boolean | null;
  readonly number: string | null;
  readonly rating: Rating | null;
}

/**
 * A criterion: one value for each product, in their order.
 *
 * Rows of the first five kinds are what the offers say, live; `is_equal` where all products say
 * the same.
 */
export interface ComparisonRow {
  readonly kind: "price" | "unit_price" | "availability" | "condition" | "rating" | "text" | "yes_no" | "number" | "stars";
  readonly label: string;
  readonly values: readonly ComparedValue[];
  readonly is_equal: boolean;
}

/** The condition of goods that are not new: `state` for programs, `text` for readers. */
export interface Condition {
  readonly state: "used" | "refurbished";
  readonly text: string;
}

/**
 * The table of contents, from the page's headings.
 *
 * `name` is its label for screen readers: of several tables on a page each has its own.
 */
export interface Contents {
  readonly type: "contents";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly label: string;
  readonly entries: readonly ContentsEntry[];
  readonly name: string;
}

/** One line of the table of contents; `level` is the heading's. */
export interface ContentsEntry {
  readonly level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly text: string;
  readonly anchor: string;
}

/**
 * A name that takes credit: an author or the reviewer. `url` is "" where there is no page.
 *
 * `kind` is "person" or "organisation"; `key` tells equal names apart ("person-7"). `same_as`
 * are
 * the addresses of other pages that are about the same person.
 */
export interface Credit {
  readonly key: string;
  readonly kind: "person" | "organisation";
  readonly name: string;
  readonly url: string;
  readonly same_as: readonly string[];
}

/** What the article's placements are paid for, said once; "both" is ad and affiliate. */
export interface Disclosure {
  readonly type: "disclosure";
  readonly contract: string;
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
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly question_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly introduction: HTML;
  readonly items: readonly FAQItem[];
  readonly group: string;
  readonly is_faq_page: boolean;
  readonly link_label: string;
}

/** A question and its answer (`answer` is rich text). `anchor` is unique and lasting. */
export interface FAQItem {
  readonly anchor: string;
  readonly question: string;
  readonly answer: HTML;
}

/** An image of the article with its caption and credit. */
export interface Figure {
  readonly type: "figure";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly image: ArticleImage;
  readonly caption: string;
  readonly credit: string;
}

/**
 * All that changes of a product's cards in a market, under the card's own names.
 *
 * `badge` announces the reduction. `offer` and `button_text` stand where a card's `own` words
 * say
 * nothing; a card that has no title then is not shown.
 */
export interface FreshProduct {
  readonly product: number;
  readonly market: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly price: Money | null;
  readonly price_from: boolean;
  readonly price_text: string;
  readonly price_label: string;
  readonly reduction: Reduction | null;
  readonly badge: Badge | null;
  readonly unit_price: string;
  readonly tax_note: string;
  readonly condition: Condition | null;
  readonly availability: Availability | null;
  readonly rating: Rating | null;
  readonly buyable: boolean;
  readonly stale: ArticleDate | null;
  readonly stale_text: string;
  readonly button_text: string;
  readonly offer: OfferText;
  readonly other_language: OtherLanguage | null;
}

/**
 * The endpoint's answer: each id stands once for each market, in one of the two lists.
 *
 * Both go by market and then by id, in the order of the request. `contract` is that of the
 * types.
 */
export interface FreshProducts {
  readonly contract: string;
  readonly products: readonly FreshProduct[];
  readonly gone: readonly GoneProduct[];
}

/** A product whose cards are not shown in a market: deleted, hidden, or on no public page. */
export interface GoneProduct {
  readonly product: number;
  readonly market: string;
  readonly language: string;
}

/** A heading within the article. `anchor` is unique on the page. */
export interface Heading {
  readonly type: "heading";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly text: string;
  readonly anchor: string;
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
  readonly html: HTML;
}

/** What to remember, in a few lines under a heading. */
export interface KeyPoints {
  readonly type: "key_points";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
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

/**
 * A box beside the text. `label` says of which kind it is ("Caution"), `html` what it says.
 *
 * `other_language` may name "heading" and "html".
 */
export interface Notice {
  readonly type: "notice";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly kind: "information" | "caution" | "doctor" | "disclosure";
  readonly label: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly html: HTML;
  readonly other_language: OtherLanguage | null;
}

/**
 * What the offer calls the product, and where it is sold: "" where there is nothing to buy.
 *
 * All is "" where the market sells no such product.
 */
export interface OfferText {
  readonly title: string;
  readonly text: string;
  readonly url: string;
}

/**
 * Words of an element that are in another language than it: nobody has translated them.
 *
 * `code` is for the HTML attribute `lang`, `direction` for `dir`; `fields` names the fields that
 * hold such words. Only where a site shows them: see the setting `UNTRANSLATED_TEXTS`.
 */
export interface OtherLanguage {
  readonly code: string;
  readonly direction: "ltr" | "rtl";
  readonly fields: readonly string[];
}

/**
 * What a placement says in its own words, whatever the shop says; "" where it says nothing.
 *
 * For who lays fresh facts over a card: they come beside `title`, `text`, `badge` and the text
 * of
 * the `button`, and `rel` belongs to every link.
 */
export interface OwnWords {
  readonly title: string;
  readonly text: string;
  readonly badge: string;
  readonly button: string;
  readonly rel: string;
}

/** Running text: `html` with its links resolved. */
export interface Paragraph {
  readonly type: "paragraph";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly html: HTML;
}

/**
 * A link to a verdict or a comparison on the page: `text` is the link's.
 *
 * `other_language` may name "text", where it is a product's title.
 */
export interface PickEntry {
  readonly kind: "verdict" | "comparison";
  readonly anchor: string;
  readonly text: string;
  readonly note: string;
  readonly score: Rating | null;
  readonly products: readonly PickedProduct[];
  readonly other_language: OtherLanguage | null;
}

/**
 * A product of a pick with its price at the moment, or what is to be said in its place.
 *
 * `other_language` may name "title".
 */
export interface PickedProduct {
  readonly title: string;
  readonly price_text: string;
  readonly availability_text: string;
  readonly is_choice: boolean;
  readonly other_language: OtherLanguage | null;
}

/** Links to the verdicts and comparisons below, with the prices that they show. */
export interface Picks {
  readonly type: "picks";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly label: string;
  readonly choice_label: string;
  readonly picks: readonly PickEntry[];
}

/**
 * A product as its page's market offers it.
 *
 * `price` is null where no price may be shown: withdrawn, not offered in this market, or stale
 * and hidden. `price_text` is the price as a reader reads it, "from € 10,00" where it is the
 * lowest of several (`price_from`). `stale` is the date of a price that the shop has not
 * confirmed
 * lately; such a card never announces a reduction. `buyable` says whether `button` leads to
 * something to buy. `other_language` may name "title", "text" and "image" (its `alt`).
 *
 * For programs: `address` is the product's in its shop, without a campaign's parameters, and
 * `sku`, `gtin`, `brand` and `unit` are what the shop says of it ("" and null for nothing).
 * `is_new`: it says that the goods are new, for which a card has no words.
 */
export interface ProductCard {
  readonly type: "product_card";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly product: number;
  readonly market: string;
  readonly layout: "card" | "compact" | "wide";
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly title: string;
  readonly text: string;
  readonly link: Link | null;
  readonly image: ArticleImage | null;
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
  readonly stale: ArticleDate | null;
  readonly stale_text: string;
  readonly own: OwnWords;
  readonly address: string;
  readonly sku: string;
  readonly gtin: string;
  readonly brand: string;
  readonly is_new: boolean;
  readonly unit: UnitPrice | null;
  readonly other_language: OtherLanguage | null;
}

/**
 * Two to six products side by side; each is a card, whose facts are the first rows.
 *
 * `caption` is the table's: the editor's `heading`, or the names of the products. `best_label`
 * marks best values, `unknown_label` stands for what is not known, and `fold_label` is of the
 * box
 * that hides the rows in which all are equal; each is "" where there is none.
 */
export interface ProductComparison {
  readonly type: "product_comparison";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly caption: string;
  readonly products: readonly ProductCard[];
  readonly rows: readonly ComparisonRow[];
  readonly choice: Choice | null;
  readonly best_label: string;
  readonly unknown_label: string;
  readonly fold_label: string;
}

/** Several cards side by side; rows of the same facts line up. */
export interface ProductGrid {
  readonly type: "product_grid";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly anchor: string;
  readonly cards: readonly ProductCard[];
}

/**
 * What the magazine says of a product that it tested.
 *
 * `product` is its card: name, price and button. `is_old` where the test is older than the site
 * allows: `old_text` then says so. `tested_text` says when and by whom, as far as it is known.
 */
export interface ProductVerdict {
  readonly type: "product_verdict";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly label: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly product: ProductCard;
  readonly verdict: string;
  readonly score: Rating | null;
  readonly good_label: string;
  readonly good: readonly string[];
  readonly bad_label: string;
  readonly bad: readonly string[];
  readonly audience_label: string;
  readonly audience: string;
  readonly method_label: string;
  readonly method: string;
  readonly tested: ArticleDate | null;
  readonly tester: Credit | null;
  readonly tested_text: string;
  readonly is_old: boolean;
  readonly old_text: string;
}

/**
 * What somebody else has said or written: `html`, and where it is from.
 *
 * `attribution` is rich text, which may cite the page's sources; their anchors are `sources`.
 */
export interface Quote {
  readonly type: "quote";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly html: HTML;
  readonly attribution: HTML;
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
  readonly contract: string;
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
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly articles: readonly RelatedArticle[];
}

/**
 * Who checked the article for accuracy, and when. It never recommends a product.
 *
 * Where the text has changed since, `is_outdated`: `scope` says so, in place of what was
 * checked.
 * `position` is what the person is and where, `role` the same with the experience. `anchor` is
 * unique on the page.
 */
export interface ReviewerBox {
  readonly type: "reviewer";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly label: string;
  readonly person: Credit;
  readonly name_line: string;
  readonly credentials: string;
  readonly job_title: string;
  readonly organisation: string;
  readonly position: string;
  readonly role: string;
  readonly experience: string;
  readonly licence: string;
  readonly bio: HTML;
  readonly photo: ArticleImage | null;
  readonly links: readonly Link[];
  readonly links_label: string;
  readonly scope: string;
  readonly is_outdated: boolean;
  readonly reviewed: ArticleDate;
  readonly reviewed_text: string;
  readonly next_review: ArticleDate | null;
  readonly next_review_text: string;
  readonly other_language: OtherLanguage | null;
}

/** Ways to share the page: plain links, and the device's own share sheet where it has one. */
export interface Share {
  readonly type: "share";
  readonly contract: string;
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
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly name: string;
  readonly rating: Rating;
  readonly text: string;
  readonly source: Link;
  readonly as_of: ArticleDate;
  readonly as_of_text: string;
  readonly verification: string;
  readonly other_language: OtherLanguage | null;
}

/**
 * One entry of the source list, in order: `before` **`printed`** `after`.
 *
 * `printed` is the `title` as the citation style prints it, which may quote it. `after` begins
 * with its full stop, where it needs one.
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
  readonly printed: string;
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
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly entries: readonly Source[];
  readonly collapsed: boolean;
  readonly summary: string;
}

/** The two or three sentences between headline and text. */
export interface Standfirst {
  readonly type: "standfirst";
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly text: string;
}

/** One step: `duration` as ISO 8601 ("PT1M30S"), `duration_text` for readers; "" for none. */
export interface Step {
  readonly title: string;
  readonly html: HTML;
  readonly image: ArticleImage | null;
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
  readonly contract: string;
  readonly language: string;
  readonly direction: "ltr" | "rtl";
  readonly anchor: string;
  readonly heading: string;
  readonly heading_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly title_level: 1 | 2 | 3 | 4 | 5 | 6;
  readonly introduction: string;
  readonly steps: readonly Step[];
}

/** The price of a quantity: `amount` for `quantity` (100) of a `unit` of UN/CEFACT ("MLT"). */
export interface UnitPrice {
  readonly amount: Money;
  readonly quantity: string;
  readonly unit: string;
}
