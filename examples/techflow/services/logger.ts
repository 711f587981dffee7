import { createLogger, fanOut, file, type Logger, stdout } from 'throughline'

/** The logger as every service of the team has it. */
export function teamLogger(service: string): Logger {
  const { LOG_FILE } = process.env
  return createLogger({
    service,
    // `throughline verify` finds a gap.
    sequence: true,
    // Passwords, tokens and card numbers by their names are the default; these find them in sentences, too.
    redact: { detect: ['creditCard', 'credentials', 'assignment'] },
    // One success in a hundred; of what fails or is slow everything, its debug lines too.
    sampling: { success: 0.01, keep: { slowerThanMs: 500 }, hold: 'debug' },
    destination: LOG_FILE === undefined ? stdout() : fanOut([stdout(), file(LOG_FILE)]),
  })
}
