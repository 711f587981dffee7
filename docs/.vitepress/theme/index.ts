import { default as DefaultTheme } from 'vitepress/theme'
import './wide.css'

// VitePress reads the default export.
export { DefaultTheme as default }
