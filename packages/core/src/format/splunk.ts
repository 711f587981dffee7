import { hostname } from 'node:os'
import type { FormatContext, StoreFormat } from './format.js'

/**
 * An event of Splunk's HTTP Event Collector: metadata, and the record under `event`.
 *
 * https://docs.splunk.com/Documentation/Splunk/latest/Data/FormateventsforHTTPEventCollector
 */
export function splunk({ env }: FormatContext): StoreFormat {
  return {
    names: { timestamp: 'time', service: 'source', level: 'severity' },
    timestamp: 'epoch_s',
    constants: { host: env.POD_NAME || hostname(), sourcetype: '_json' },
    // Splunk's default fields: a search for `host=…` would find either.
    taken: ['host', 'source', 'sourcetype', 'index', 'time', 'linecount', 'punct', 'splunk_server', 'eventtype'],
    within: { name: 'event', outside: ['timestamp', 'service', 'host', 'sourcetype'] },
  }
}
