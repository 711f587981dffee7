import { posix } from 'node:path'

export const REPOSITORY = 'https://github.com/throughline/throughline'

/** Where a link leads: what a page of `docs/` links to outside of it is in the repository, and not on the site. */
export function onTheSiteOrNot(href: string, page: string): string {
  const path = posix.join('docs', posix.dirname(page), href)
  return /^([a-z]+:|[#/])/.test(href) || path.startsWith('docs/') ? href : `${REPOSITORY}/blob/main/${path}`
}
