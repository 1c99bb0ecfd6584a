import type { Grid, Place } from './grid'

const SETTLING = 200 // the table may still scroll to the cell that was chosen

export interface Deed { text: string; keys: string; act(): void }

/** What can be done with a cell, for those who do not know the keys: the right button of the mouse or the menu key. */
export class Menu {
  private box: HTMLElement | null = null
  private since = 0

  constructor(private readonly grid: Grid) {
    document.addEventListener('mousedown', (event) => {
      if (this.box && !(event.target instanceof Node && this.box.contains(event.target))) this.close()
    })
    window.addEventListener('scroll', () => {
      if (performance.now() - this.since > SETTLING) this.close()
    }, { capture: true, passive: true })
  }

  open(place: Place, deeds: Deed[], at: { x: number; y: number }): void {
    this.close()
    const box = document.createElement('div')
    box.className = 'jg-menu'
    box.setAttribute('role', 'menu')
    box.setAttribute('aria-label', this.grid.nameOf(place))
    for (const deed of deeds) {
      const item = document.createElement('button')
      item.type = 'button'
      item.setAttribute('role', 'menuitem')
      const keys = document.createElement('kbd')
      keys.textContent = deed.keys
      item.append(deed.text, keys)
      item.addEventListener('click', () => {
        this.close()
        this.grid.td(place)?.focus({ preventScroll: true })
        deed.act()
      })
      box.append(item)
    }
    box.addEventListener('keydown', (event) => this.key(event, place))
    document.body.append(box)
    this.box = box
    this.since = performance.now()
    // Inside the window, whatever corner the cell is in.
    box.style.left = `${Math.max(4, Math.min(at.x, window.innerWidth - box.offsetWidth - 4))}px`
    box.style.top = `${Math.max(4, Math.min(at.y, window.innerHeight - box.offsetHeight - 4))}px`
    box.querySelector('button')?.focus({ preventScroll: true })
  }

  private key(event: KeyboardEvent, place: Place): void {
    const items = [...(this.box?.querySelectorAll('button') ?? [])]
    const here = items.indexOf(document.activeElement as HTMLButtonElement)
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to !== undefined) {
      event.preventDefault()
      items[(to + items.length) % items.length]?.focus()
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      event.preventDefault()
      this.close()
      this.grid.td(place)?.focus({ preventScroll: true })
    }
  }

  close(): void {
    this.box?.remove()
    this.box = null
  }
}
