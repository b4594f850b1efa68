// Loaded before a server: it ends when its standard input does, even if the tests were killed.
process.stdin.resume().on("end", () => process.exit(0)).unref();
