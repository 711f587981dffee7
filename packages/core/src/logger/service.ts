import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Where a line's field comes from when it is not given: Kubernetes' downward API, as the deployment sets it. */
const FROM_ENVIRONMENT = {
  version: 'SERVICE_VERSION',
  environment: 'NODE_ENV',
  pod: 'POD_NAME',
  namespace: 'POD_NAMESPACE',
  node: 'NODE_NAME',
  container: 'CONTAINER_NAME',
} as const

/** The fields that say which service, which version and which pod a line is from. */
export function originFields(env: Environment): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [field, variable] of Object.entries(FROM_ENVIRONMENT)) {
    const value = env[variable]
    if (value !== undefined && value !== '') fields[field] = value
  }
  return fields
}

/** The service's name: the environment's, else the nearest package.json's, else OpenTelemetry's word for neither. */
export function serviceName(env: Environment): string {
  return env.SERVICE_NAME || env.OTEL_SERVICE_NAME || packageName() || 'unknown_service'
}

/** The name in the package.json nearest to the program that was started, or to the working directory. */
function packageName(): string | undefined {
  const start = process.argv[1] === undefined ? process.cwd() : dirname(process.argv[1])
  for (let folder = start; ; folder = dirname(folder)) {
    const name = nameIn(join(folder, 'package.json'))
    if (name !== undefined) return name
    if (folder === dirname(folder)) return undefined
  }
}

function nameIn(path: string): string | undefined {
  try {
    const { name } = JSON.parse(readFileSync(path, 'utf8')) as { name?: unknown }
    return typeof name === 'string' && name !== '' ? name : undefined
  } catch {
    // Not there, not readable or not JSON: the next folder up.
    return undefined
  }
}
