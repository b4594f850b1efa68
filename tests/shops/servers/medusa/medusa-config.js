// A Medusa without admin pages, for tests. DATABASE_URL is an empty PostgreSQL database of its own.
const { defineConfig } = require("@medusajs/framework/utils");

const everywhere = "http://127.0.0.1";

module.exports = defineConfig({
  admin: { disable: true },
  featureFlags: { translation: true },
  modules: [{ resolve: "@medusajs/medusa/translation" }],
  projectConfig: {
    databaseUrl: process.env.DATABASE_URL,
    databaseDriverOptions: { ssl: false },
    http: {
      storeCors: everywhere,
      adminCors: everywhere,
      authCors: everywhere,
      jwtSecret: "tests only",
      cookieSecret: "tests only",
    },
  },
});
