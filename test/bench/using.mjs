/** How a case makes a contender of a logger and of what is done with it. */

/** @param make A maker of `loggers/`. @param use From the logger, the call that is measured. */
export const using = (make, use) => async (place) => use(await make(place), place)

/**
 * The same with so many lines in a turn of the event loop; a round ends when all of it is written.
 *
 * @param make Its logger comes with `written`, which resolves then.
 */
export const inTurns = (turn, make, use) => async (place) => {
  const { log, written } = await make(place)
  return { call: use(log), turn, done: written }
}
