// SCHEMA is the address of the GraphQL endpoint, OUT the folder of what is made.
const { OUT, SCHEMA } = process.env;

export default {
  schema: SCHEMA,
  documents: [new URL("articles.graphql", import.meta.url).pathname],
  generates: {
    [`${OUT}/schema.ts`]: { plugins: ["typescript"] },
    [`${OUT}/operations.ts`]: { plugins: ["typescript-operations"] },
  },
};
