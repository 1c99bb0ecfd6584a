/** The board by hand and by arrows. What a place means comes from the page that choosing the card opens, so the rules stand once. */
const MEANINGS = ['tt-fits', 'tt-moves', 'tt-wish', 'tt-impossible']

const cellsOf = (root: ParentNode) => root.querySelectorAll<HTMLTableCellElement>('td[data-place]')

function clear(board: HTMLElement): void {
  for (const cell of cellsOf(board)) {
    if (!cell.querySelector('.tt-dragged')) continue
    cell.classList.remove(...MEANINGS, 'is-over')
    cell.querySelectorAll('.tt-dragged').forEach((word) => word.remove())
  }
}

/** Show in the cells of the board what the chosen card's page says of them. */
function colour(board: HTMLElement, page: Document): void {
  const live = new Map(Array.from(cellsOf(board), (cell) => [cell.dataset.place, cell]))
  for (const told of cellsOf(page)) {
    const cell = live.get(told.dataset.place)
    if (!cell) continue
    cell.querySelectorAll('.tt-place, .tt-words').forEach((word) => word.remove())
    cell.classList.remove(...MEANINGS)
    cell.classList.add(...MEANINGS.filter((name) => told.classList.contains(name)))
    for (const word of told.querySelectorAll('.tt-place, .tt-words')) {
      const shown = document.createElement(word.classList.contains('tt-words') ? 'small' : 'span')
      shown.className = `${word.className} tt-dragged`
      shown.textContent = word.firstChild?.textContent ?? ''
      cell.append(shown)
    }
  }
}

function dragging(board: HTMLElement): void {
  let page: Document | null = null
  let turn = 0 // an answer that comes after its card was let go says nothing
  let sent = false

  board.addEventListener('dragstart', (event) => {
    const card = (event.target as HTMLElement).closest<HTMLAnchorElement>('a.tt-card')
    if (!card || !event.dataTransfer) return
    event.dataTransfer.effectAllowed = 'move'
    const mine = ++turn
    void fetch(card.href, { credentials: 'same-origin' })
      .then((answer) => answer.text())
      .then((text) => {
        if (mine !== turn) return
        page = new DOMParser().parseFromString(text, 'text/html')
        colour(board, page)
      })
  })
  board.addEventListener('dragover', (event) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-place]')
    if (!cell || !page || !buttonOf(page, cell)) return
    event.preventDefault()
    for (const other of cellsOf(board)) other.classList.toggle('is-over', other === cell)
  })
  board.addEventListener('drop', (event) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('td[data-place]')
    const button = cell && page ? buttonOf(page, cell) : null
    if (!button?.form) return
    event.preventDefault()
    sent = true
    const form = document.importNode(button.form, true)
    form.hidden = true
    document.body.append(form)
    form.requestSubmit(form.querySelector<HTMLButtonElement>(`button[value="${button.value}"]`))
  })
  board.addEventListener('dragend', () => {
    turn++
    page = null
    if (sent) return // the answer draws the board anew
    if (!board.querySelector('.is-chosen')) clear(board)
    else location.reload()
  })
}

function buttonOf(page: Document, cell: HTMLElement): HTMLButtonElement | null {
  return page.querySelector<HTMLButtonElement>(`td[data-place="${cell.dataset.place}"] button`)
}

const STEPS: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }

/** Arrows go from cell to cell and stop at what can be pressed there. */
function arrows(board: HTMLElement): void {
  board.addEventListener('keydown', (event) => {
    const step = STEPS[event.key]
    const from = (event.target as HTMLElement).closest<HTMLTableCellElement>('td[data-place]')
    const rows = from?.closest('tbody')?.rows
    if (!step || !from || !rows || event.ctrlKey || event.metaKey || event.altKey) return
    let row = (from.parentElement as HTMLTableRowElement).sectionRowIndex
    let column = from.cellIndex
    for (;;) {
      row += step[0]
      column += step[1]
      const cell = rows[row]?.cells[column]
      if (!cell || column === 0) return
      const goal = cell.querySelector<HTMLElement>('button, a.tt-card')
      if (!goal) continue
      event.preventDefault()
      goal.focus()
      return
    }
  })
}

export function mount(board: HTMLElement): void {
  dragging(board)
  arrows(board)
  board.querySelector<HTMLElement>('td .is-chosen')?.focus({ preventScroll: true })
}
