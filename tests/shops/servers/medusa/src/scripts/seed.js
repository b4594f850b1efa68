// Sets up a shop in two regions and fills it with the products in PRODUCTS (JSON). It prints
// SEED and {key: of the sales channel, admin: a secret key, products: {handle: id}}.
const { ContainerRegistrationKeys, Modules } = require("@medusajs/framework/utils");
const flows = require("@medusajs/medusa/core-flows");

// [name, currency, countries, whether prices are kept with tax]
const REGIONS = [
  ["Euro countries", "eur", ["nl", "de"], true],
  ["Denmark", "dkk", ["dk"], false],
];
const TAX = { nl: 21, de: 19, dk: 25 };

module.exports.default = async function seed({ container }) {
  const run = async (name, input) => (await flows[name](container).run({ input })).result;

  const [channel] = await run("createSalesChannelsWorkflow", { salesChannelsData: [{ name: "Web" }] });
  const [store] = await container.resolve(Modules.STORE).listStores();
  await run("updateStoresWorkflow", {
    selector: { id: store.id },
    update: {
      supported_currencies: REGIONS.map(([, currency, , withTax], n) => ({
        currency_code: currency,
        is_default: !n,
        is_tax_inclusive: withTax,
      })),
      default_sales_channel_id: channel.id,
      supported_locales: [{ locale_code: "nl-NL" }],
    },
  });
  await run("createRegionsWorkflow", {
    regions: REGIONS.map(([name, currency, countries, withTax]) => ({
      name,
      currency_code: currency,
      countries,
      is_tax_inclusive: withTax,
      payment_providers: ["pp_system_default"],
    })),
  });
  await run(
    "createTaxRegionsWorkflow",
    Object.entries(TAX).map(([country, rate]) => ({
      country_code: country,
      provider_id: "tp_system",
      default_tax_rate: { rate, code: country, name: "VAT" },
    }))
  );
  const [place] = await run("createStockLocationsWorkflow", {
    locations: [{ name: "Store room", address: { city: "Utrecht", country_code: "nl", address_1: "" } }],
  });
  await run("linkSalesChannelsToStockLocationWorkflow", { id: place.id, add: [channel.id] });
  const [key, admin] = await run("createApiKeysWorkflow", {
    api_keys: [
      { title: "Web", type: "publishable", created_by: "" },
      { title: "Tests", type: "secret", created_by: "" },
    ],
  });
  await run("linkSalesChannelsToApiKeyWorkflow", { id: key.id, add: [channel.id] });
  const [profile] = await run("createShippingProfilesWorkflow", { data: [{ name: "Parcels", type: "default" }] });

  const wanted = JSON.parse(process.env.PRODUCTS);
  const products = await run("createProductsWorkflow", {
    products: wanted.map(({ handle, title, prices, stock, managed = true }) => ({
      title,
      handle,
      status: "published",
      description: `${title}, described`,
      thumbnail: `https://shop.atlas-axis.example/${handle}.png`,
      shipping_profile_id: profile.id,
      sales_channels: [{ id: channel.id }],
      options: [{ title: "Size", values: prices.map((_, n) => String(n)) }],
      variants: prices.map((amounts, n) => ({
        title: String(n),
        variant_rank: n,
        sku: `${handle}-${n}`,
        options: { Size: String(n) },
        manage_inventory: managed,
        prices: Object.entries(amounts).map(([currency_code, amount]) => ({ currency_code, amount })),
      })),
    })),
  });
  const stock = Object.fromEntries(wanted.map((product) => [product.handle, product.stock]));
  const { data: items } = await container
    .resolve(ContainerRegistrationKeys.QUERY)
    .graph({ entity: "inventory_item", fields: ["id", "sku"] });
  await run("createInventoryLevelsWorkflow", {
    inventory_levels: items.map(({ id, sku }) => ({
      location_id: place.id,
      inventory_item_id: id,
      stocked_quantity: stock[sku.replace(/-\d+$/, "")],
    })),
  });
  const ids = Object.fromEntries(products.map((product) => [product.handle, product.id]));
  console.log("SEED " + JSON.stringify({ key: key.token, admin: admin.token, products: ids }));
};
