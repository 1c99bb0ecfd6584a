/** Menus are <details>: one open at a time, closed by Esc, by a click elsewhere, walked with arrows. */
const openMenus = () => document.querySelectorAll<HTMLDetailsElement>('details.menu[open]')

export function startMenus(): void {
  document.addEventListener('click', (event) => {
    for (const menu of openMenus()) {
      if (!(event.target instanceof Node && menu.contains(event.target))) menu.open = false
    }
  })
  document.addEventListener('keydown', (event) => {
    const menu = event.target instanceof Element ? event.target.closest<HTMLDetailsElement>('details.menu[open]') : null
    if (!menu) return
    if (event.key === 'Escape') {
      menu.open = false
      menu.querySelector('summary')?.focus()
      return
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    const items = [...menu.querySelectorAll<HTMLElement>('.menu-item')]
    const step = event.key === 'ArrowDown' ? 1 : -1
    const here = items.indexOf(document.activeElement as HTMLElement)
    items[(here + step + items.length) % items.length]?.focus()
  })
}
