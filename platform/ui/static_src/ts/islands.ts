import { readProps } from './strings'

export interface Island {
  mount(element: HTMLElement, props: unknown): void | (() => void)
}

const found = import.meta.glob<Island>(['/platform/*/islands/*.ts', '/modules/*/islands/*.ts', '!**/*.test.ts', '!**/*-*.part.ts'])
const loaders = new Map(Object.entries(found).map(([path, load]) => [path.replace(/^.*\/|\.ts$/g, ''), load]))
const mounted = new WeakSet<Element>()

async function wake(element: HTMLElement): Promise<void> {
  if (mounted.has(element)) return
  mounted.add(element)
  const name = element.dataset.island ?? ''
  const load = loaders.get(name)
  if (!load) throw new Error(`no island named ${name}`)
  const island = await load()
  const { words, props } = element.dataset
  island.mount(element, Object.assign({}, ...[words, props].map((id) => (id ? readProps(id) : {}))))
  element.dataset.ready = 'yes'
}

function wakeAll(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-island]')) void wake(element)
}

/** Mount every island on the page, and those that HTMX brings later. */
export function startIslands(): void {
  wakeAll(document)
  document.addEventListener('htmx:load', (event) => {
    const element = ((event as CustomEvent).detail as { elt: Element }).elt
    if (element instanceof HTMLElement && element.dataset.island) void wake(element)
    wakeAll(element)
  })
}
