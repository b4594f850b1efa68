// A Vendure shop in memory, for tests: it sells nothing until the tests put products into it.
// PORT is where it listens on 127.0.0.1; it prints READY once it answers.
const { bootstrap, DefaultJobQueuePlugin, DefaultSearchPlugin, JobQueueService } = require("@vendure/core");
const { populate } = require("@vendure/core/cli");
const { notifyAnodyne } = require("./anodyne"); // from the documentation

const config = {
  apiOptions: { port: Number(process.env.PORT), hostname: "127.0.0.1", adminApiPath: "admin-api", shopApiPath: "shop-api" },
  authOptions: {
    tokenMethod: ["bearer"],
    superadminCredentials: { identifier: "superadmin", password: "superadmin" },
  },
  dbConnectionOptions: { type: "sqljs", synchronize: true },
  paymentOptions: { paymentMethodHandlers: [] },
  customFields: {
    Product: [
      { name: "rating", type: "float", nullable: true },
      { name: "ratingCount", type: "int", nullable: true },
    ],
    ProductVariant: [{ name: "compareAtPrice", type: "int", nullable: true }],
  },
  plugins: [
    DefaultJobQueuePlugin.init({ useDatabaseForBuffer: true, pollInterval: 100 }),
    DefaultSearchPlugin.init({ bufferUpdates: false, indexStockStatus: true }),
  ],
};

const initialData = {
  defaultLanguage: "en",
  defaultZone: "Europe",
  countries: [
    { code: "NL", name: "Netherlands", zone: "Europe" },
    { code: "DK", name: "Denmark", zone: "Europe" },
  ],
  taxRates: [{ name: "Standard", percentage: 25 }],
  shippingMethods: [],
  paymentMethods: [],
  collections: [],
};

populate(() => bootstrap(config), initialData).then(async (app) => {
  await app.get(JobQueueService).start();
  notifyAnodyne(app);
  console.log("READY");
});
