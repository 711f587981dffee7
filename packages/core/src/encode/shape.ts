/** What a line's format makes of a field's text, number or boolean. */
export type Converter = (value: string | number | boolean) => unknown

const ofDigits = new WeakSet<Converter>()

/** A converter that makes a text of a number which needs no escape: that one is not read again (bench `formats`). */
export function makesDigits<T extends Converter>(convert: T): T {
  ofDigits.add(convert)
  return convert
}

export function isOfDigits(convert: Converter | undefined): boolean {
  return convert !== undefined && ofDigits.has(convert)
}

export interface GroupShape {
  /** `,"status":` */
  readonly next: string
  /** `,"requestMethod":"`, when a text follows. */
  readonly nextText: string
  /** `","status":`, when the text before it still lacks its closing quote. */
  readonly closing: string
  /** `","requestMethod":"`, when both is so. */
  readonly closingText: string
  /** `,"httpRequest":{"status":` */
  readonly first: string
  /** `,"httpRequest":{"requestMethod":"`, when a text follows. */
  readonly firstText: string
  readonly convert: Converter | undefined
  /** Whether what a number becomes there needs no look. */
  readonly isDigits: boolean
}

/** How a field is written that the line's format has a say in. */
export interface Shape {
  /** Its value is turned into the store's unit, or stands in the object for some of a call's fields: that is all. */
  readonly isSimple: boolean
  readonly convert: Converter | undefined
  /** The same in the object that the format has for some of a call's fields. */
  readonly group: GroupShape | undefined
}

/** A value in the store's unit. What cannot be turned into it stands as it is. */
export function converted(convert: Converter | undefined, value: unknown): unknown {
  if (convert === undefined || !isScalar(value)) return value
  try {
    return convert(value)
  } catch {
    return value
  }
}

export function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
