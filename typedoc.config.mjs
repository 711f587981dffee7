import { readdirSync, readFileSync } from 'node:fs'

const manifests = readdirSync('packages').map((folder) => ({
  folder,
  ...JSON.parse(readFileSync(`packages/${folder}/package.json`, 'utf8')),
}))

/** What a user can import, as its source: `.` is `src/index.ts`, `./event` is `src/event.ts`. `internal` is for siblings. */
const entryPoints = manifests.flatMap(({ folder, exports }) =>
  Object.keys(exports)
    .filter((name) => name !== './package.json' && name !== './internal')
    .map((name) => `packages/${folder}/src/${name === '.' ? 'index' : name.slice(2)}.ts`),
)

/** The reference of the API, made of the sources' comments: a page for each name that can be imported. */
export default {
  entryPoints,
  requiredToBeDocumented: ['Class', 'Interface', 'TypeAlias', 'Function', 'Method', 'Variable'],
  packagesRequiringDocumentation: manifests.map(({ name }) => name),
  tsconfig: 'tsconfig.json',
  plugin: ['typedoc-plugin-markdown'],
  out: 'docs/reference/api',
  router: 'module',
  readme: 'none',
  name: 'API',
  excludeExternals: true,
  // `check:types` is there for that.
  skipErrorChecking: true,
  parametersFormat: 'table',
  typeDeclarationFormat: 'table',
  interfacePropertiesFormat: 'table',
  propertyMembersFormat: 'table',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  disableSources: true,
  treatWarningsAsErrors: true,
  treatValidationWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, notDocumented: true, rewrittenLink: true },
}
