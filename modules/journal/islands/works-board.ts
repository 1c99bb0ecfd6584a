/**
 * The planner by mouse: a work is dragged to another day of its row. Which days have a lesson of the course the row says;
 * what the move breaks the server says. By keys and by finger a press on the work opens the page that moves it.
 */
class Board {
  private held: HTMLAnchorElement | null = null

  constructor(private root: HTMLElement) {
    root.addEventListener('dragstart', (event) => this.lift(event))
    root.addEventListener('dragover', (event) => this.over(event))
    root.addEventListener('drop', (event) => this.drop(event))
    root.addEventListener('dragend', () => this.letGo())
    this.showToday()
  }

  /** The calendar opens at today, not at the quarter's first day. */
  private showToday(): void {
    const heads = [...this.root.querySelectorAll<HTMLElement>('thead [data-day]')]
    const head = heads.find((one) => !one.classList.contains('is-past'))
    const names = this.root.querySelector<HTMLElement>('thead th')
    if (!head || !names) return
    const go = () => { this.root.scrollLeft = head.offsetLeft - names.offsetWidth }
    go()
    // The letters may come after the table and change its widths; who has scrolled meanwhile stays where she is.
    const at = this.root.scrollLeft
    void document.fonts?.ready.then(() => { if (this.root.scrollLeft === at) go() })
  }

  private lift(event: DragEvent): void {
    const work = (event.target as Element).closest<HTMLAnchorElement>('a[data-columns]')
    const row = work?.closest('tr')
    if (!work || !row || !event.dataTransfer) return
    this.held = work
    event.dataTransfer.effectAllowed = 'move'
    event.dataTransfer.setData('text/plain', work.textContent ?? '')
    work.classList.add('is-held')
    for (const column of (work.dataset.columns ?? '').split(' ')) row.cells[Number(column) + 1]?.classList.add('may-drop')
  }

  private target(event: DragEvent): HTMLTableCellElement | null {
    return this.held ? (event.target as Element).closest<HTMLTableCellElement>('td.may-drop') : null
  }

  private over(event: DragEvent): void {
    this.root.querySelector('.is-over')?.classList.remove('is-over')
    const cell = this.target(event)
    if (!cell) return
    event.preventDefault()
    cell.classList.add('is-over')
  }

  private drop(event: DragEvent): void {
    const cell = this.target(event)
    const day = cell && this.root.querySelectorAll<HTMLElement>('thead th')[cell.cellIndex]?.dataset.day
    const form = document.querySelector<HTMLFormElement>('#plan-move')
    if (!day || !form || !this.held) return
    event.preventDefault()
    form.action = new URL(this.held.href).pathname
    form.querySelector<HTMLInputElement>('[name=day]')!.value = day
    this.letGo()
    form.requestSubmit()
  }

  private letGo(): void {
    this.held?.classList.remove('is-held')
    this.held = null
    for (const cell of this.root.querySelectorAll('.may-drop, .is-over')) cell.classList.remove('may-drop', 'is-over')
  }
}

export function mount(root: HTMLElement): void {
  new Board(root)
}
