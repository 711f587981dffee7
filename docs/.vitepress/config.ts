import { type DefaultTheme, defineConfig } from 'vitepress'
import { sidebar } from './contents.js'
import { logql } from './logql.js'
import { onTheSiteOrNot, REPOSITORY } from './repository.js'

const contents = sidebar()

export default defineConfig({
  title: 'throughline',
  description: 'Structured logging for Node services: one request id in every line, and nothing lost uncounted',
  cleanUrls: true,
  // On the site a folder's page is its index; in the repository it is its README.
  rewrites: { 'README.md': 'index.md', ':folder(.*)/README.md': ':folder/index.md' },
  themeConfig: {
    nav: contents.map(({ text = '', items }) => ({ text, link: firstLink(items) })),
    sidebar: contents,
    outline: [2, 3],
    search: { provider: 'local' },
    socialLinks: [{ icon: 'github', link: REPOSITORY }],
  },
  markdown: {
    languages: [logql],
    config(md) {
      md.core.ruler.push('repository-links', ({ tokens, env }) => {
        const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open')
        for (const link of links) link.attrSet('href', onTheSiteOrNot(link.attrGet('href') ?? '', env.relativePath))
      })
    },
  },
})

function firstLink(items: readonly DefaultTheme.SidebarItem[] = []): string {
  const [first] = items
  return first?.link ?? firstLink(first?.items)
}
