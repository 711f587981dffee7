/** Why a request id from outside was not taken over; the line has it as `request_id_rejected`. */
export type RequestIdRejection = 'empty' | 'too_long' | 'characters' | 'repeated'

/** Longer ids are of no use to anybody but someone who wants to fill a disk. */
const MOST_CHARACTERS = 128
/**
 * UUIDs, ULIDs, base64 and the ids of load balancers (`Root=1-67891233-abcdef`), and nothing that could end a line, a
 * string of JSON, a query or a shell word.
 */
const ACCEPTED = /^[A-Za-z0-9._+/=@:-]+$/

/** Whether a text can be taken over as a request id, or else why not. */
export function rejectionOf(id: string): RequestIdRejection | undefined {
  if (id === '') return 'empty'
  if (id.length > MOST_CHARACTERS) return 'too_long'
  return ACCEPTED.test(id) ? undefined : 'characters'
}
