/** A list: how many are chosen, rows walked with arrows, a range ticked with Shift, columns moved up and down. */
const rowsOf = (form: Element) => [...form.querySelectorAll<HTMLInputElement>('input[name="one"]')]
let lastTicked: HTMLInputElement | null = null

function tell(form: HTMLFormElement): void {
  const said = form.querySelector<HTMLElement>('[data-chosen]')
  if (!said) return
  const all = form.querySelector<HTMLInputElement>('input[name="all"]')
  const chosen = rowsOf(form).filter((box) => box.checked).length
  const count = all?.checked ? Number(all.dataset.all) : chosen
  said.textContent = (said.dataset.chosen ?? '{n}').replace('{n}', String(count))
}

function tickRange(form: HTMLFormElement, box: HTMLInputElement): void {
  const boxes = rowsOf(form)
  if (!lastTicked || !boxes.includes(lastTicked)) return
  const [from, to] = [boxes.indexOf(lastTicked), boxes.indexOf(box)].sort((a, b) => a - b)
  for (const one of boxes.slice(from, to! + 1)) one.checked = box.checked
}

/** The same control of the next or the last row, so that arrows walk down a column. */
function walk(from: HTMLElement, step: number): HTMLElement | null {
  const cell = from.closest('td, th')
  let row = from.closest('tr')
  if (!cell || !row) return null
  const place = [...row.children].indexOf(cell)
  for (row = sibling(row, step); row; row = sibling(row, step)) {
    const found = row.children[place]?.querySelector<HTMLElement>('input, a')
    if (found) return found
  }
  return null
}

const sibling = (row: HTMLTableRowElement, step: number) =>
  (step > 0 ? row.nextElementSibling : row.previousElementSibling) as HTMLTableRowElement | null

export function startRegister(): void {
  // A search has said itself with every letter: leaving it does not draw the list anew under the row walked to.
  document.addEventListener('change', (event) => {
    if (event.target instanceof Element && event.target.matches('form[role="search"][hx-get] input[type="search"]')) event.stopPropagation()
  }, true)
  document.addEventListener('change', (event) => {
    const form = event.target instanceof HTMLInputElement ? event.target.closest<HTMLFormElement>('form.rows') : null
    if (form) queueMicrotask(() => tell(form)) // after the box of the head has ticked the others
  })
  document.addEventListener('click', (event) => {
    const target = event.target
    if (!(target instanceof Element)) return
    if (target instanceof HTMLInputElement && target.name === 'one' && target.form) {
      if (event.shiftKey) tickRange(target.form, target)
      lastTicked = target
    }
    const mover = target.closest<HTMLButtonElement>('.sorter button')
    const line = mover?.closest('li')
    if (!mover || !line) return
    event.preventDefault()
    if (mover.name === 'up') line.previousElementSibling?.before(line)
    else line.nextElementSibling?.after(line)
    mover.focus()
  })
  document.addEventListener('keydown', (event) => {
    const from = event.target
    if (!(from instanceof HTMLElement) || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    let next: HTMLElement | null = null
    if (from.matches('[data-register-search]')) {
      if (event.key === 'ArrowDown') next = document.querySelector<HTMLElement>('#list tbody th a') ?? document.querySelector('#list tbody input')
    } else if (from.closest('table.register')) {
      next = walk(from, event.key === 'ArrowDown' ? 1 : -1)
      if (!next && event.key === 'ArrowUp') next = document.querySelector('[data-register-search]')
    }
    if (!next) return
    event.preventDefault()
    next.focus()
  })
  document.addEventListener('submit', (event) => {
    if (!(event.target instanceof Element) || !event.target.matches('.register-bar')) return
    const drawer = document.getElementById('list-filters')
    if (drawer?.matches(':popover-open')) drawer.hidePopover()
  })
  document.addEventListener('htmx:afterSwap', () => { lastTicked = null })
}

export function focusRegisterSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-register-search]')
  field?.focus()
  field?.select()
  return field !== null
}
