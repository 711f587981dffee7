/** Who may import whom, as the design has it: a package and the siblings it stands on. Every other arrow is an error. */
const arrows = {
  core: [],
  http: ['core'],
  express: ['http', 'core'],
  fastify: ['http', 'core'],
  undici: ['http', 'core'],
  transport: ['core'],
  loki: ['transport', 'core'],
  otlp: ['transport', 'core'],
  cli: ['core'],
  testing: ['core'],
  event: ['core'],
  logql: [],
  explorer: ['logql', 'cli', 'core'],
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circle',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...Object.entries(arrows).map(([name, siblings]) => ({
      name: `arrows-of-${name}`,
      comment: `packages/${name} may import ${siblings.join(' and ') || 'no sibling'}`,
      severity: 'error',
      from: { path: `^packages/${name}/` },
      to: {
        path: '^(packages|examples|test)/',
        pathNot: [name, ...siblings].map((sibling) => `^packages/${sibling}/`),
      },
    })),
    {
      name: 'arrows-are-drawn',
      comment: 'a new package gets its arrows in .dependency-cruiser.mjs',
      severity: 'error',
      from: { path: '^packages/', pathNot: Object.keys(arrows).map((name) => `^packages/${name}/`) },
      to: { path: '^packages/' },
    },
    {
      name: 'siblings-by-name',
      comment: "a sibling is imported by its package's name, never by a path into its folder",
      severity: 'error',
      from: { path: '^(packages/[^/]+|examples|test)/' },
      to: {
        path: '^packages/',
        pathNot: '^($1|packages/core/test-support)/',
        dependencyTypesNot: ['aliased', 'localmodule'],
      },
    },
    {
      name: 'core-has-no-dependency',
      severity: 'error',
      from: { path: '^packages/core/src/', pathNot: '\\.test\\.ts$' },
      to: { path: 'node_modules/' },
    },
    {
      name: 'published-code-names-its-dependencies',
      comment: "what a package imports stands among its own dependencies, not among the workspace's or the dev ones",
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only', 'npm-peer'] },
    },
    {
      name: 'every-import-resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^((packages|examples)/[^/]+/dist|docs/\\.vitepress/(dist|cache|\\.temp)|coverage|\\.git)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
}
