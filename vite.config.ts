import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin as PostCssPlugin } from 'postcss'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const root = import.meta.dirname
const dist = join(root, 'platform/ui/static/ui/dist')
const main = 'platform/ui/static_src/ts/main.ts'
const worker = 'platform/ui/static_src/ts/worker.ts'

/** The icons named in icons.txt as one SVG sprite. */
function sprite(): { name: string; source: string; icons: string[] } {
  const icons = readFileSync(join(root, 'platform/ui/static_src/icons.txt'), 'utf8')
    .split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#')).sort()
  const symbols = icons.map((icon) => {
    const file = icon.endsWith('-filled') ? `filled/${icon.slice(0, -7)}` : `outline/${icon}`
    const svg = readFileSync(join(root, `node_modules/@tabler/icons/icons/${file}.svg`), 'utf8')
    const body = svg.replace(/<!--[\s\S]*?-->/g, '').replace(/^[\s\S]*?<svg[^>]*>/, '').replace(/<\/svg>\s*$/, '')
    return `<symbol id="${icon}" viewBox="0 0 24 24">${body.replace(/\s*\n\s*/g, '')}</symbol>`
  })
  const source = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join('')}</svg>`
  const hash = createHash('sha256').update(source).digest('hex').slice(0, 8)
  return { name: `icons-${hash}.svg`, source, icons }
}

/** Every rule for the dark theme again for people who left the choice to their device (`data-bs-theme="auto"`). */
function darkByDevice(): PostCssPlugin {
  const dark = /\[data-bs-theme=(?:"dark"|'dark'|dark)\]/g
  return {
    postcssPlugin: 'dark-by-device',
    OnceExit(css, { AtRule }) {
      const media = new AtRule({ name: 'media', params: '(prefers-color-scheme: dark)' })
      css.walkRules((rule) => {
        const selectors = rule.selectors.filter((selector) => selector.match(dark))
        if (selectors.length === 0 || rule.parent?.type === 'atrule') return
        const copy = rule.clone()
        copy.selectors = selectors.map((selector) => selector.replace(dark, '[data-bs-theme=auto]'))
        media.append(copy)
      })
      if (media.nodes?.length) css.append(media)
    },
  }
}

/** One small manifest for the template tags, with a stamp of the sources. */
function manifest(): Plugin {
  const icons = sprite()
  return {
    name: 'mektep-manifest',
    apply: 'build',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: icons.name, source: icons.source })
    },
    writeBundle(_options, bundle) {
      const islands: Record<string, { script: string; styles: string[]; imports: string[] }> = {}
      let entry = { script: '', styles: [] as string[] }
      const fonts: Record<string, string> = {}
      for (const item of Object.values(bundle)) {
        if (item.type === 'asset') {
          const font = /^inter-([a-z-]+)-wght-normal-.*\.woff2$/.exec(item.fileName)
          if (font?.[1]) fonts[font[1]] = item.fileName
          continue
        }
        const styles = [...(item.viteMetadata?.importedCss ?? [])]
        if (item.isEntry && item.name === 'main') entry = { script: item.fileName, styles }
        const island = /\/islands\/([a-z0-9-]+)\.ts$/.exec(item.facadeModuleId ?? '')
        if (island?.[1]) islands[island[1]] = { script: item.fileName, styles, imports: item.imports }
      }
      const written = { main: entry, sprite: icons.name, icons: icons.icons, fonts, islands }
      writeFileSync(join(dist, 'manifest.json'), `${JSON.stringify(written, null, 1)}\n`)
      execFileSync('python3', [join(root, 'tools/frontend.py'), '--stamp'], { stdio: 'inherit' })
    },
  }
}

export default defineConfig({
  root,
  base: './',
  publicDir: false,
  plugins: [manifest()],
  css: {
    postcss: { plugins: [darkByDevice()] },
    preprocessorOptions: { scss: { loadPaths: [join(root, 'node_modules')], quietDeps: true } },
  },
  build: {
    outDir: dist,
    emptyOutDir: true,
    assetsDir: '',
    target: ['chrome107', 'firefox110', 'safari16.2'],
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
    rollupOptions: {
      input: { main: join(root, main), worker: join(root, worker) },
      // The worker is asked for by its name, and a browser compares its content itself.
      output: { entryFileNames: ({ name }) => (name === 'worker' ? 'worker.js' : '[name]-[hash].js') },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['tests/**/*.test.ts'],
  },
})
