import type { Grid } from './grid'
import { button } from './strip'

const WHOLE = 'period'
const WORKS = 'works'
const DAY = 86_400_000

const day = (iso: string) => `${iso.slice(8, 10)}.${iso.slice(5, 7)}`

/** The Monday of the day's week, as a number of days; dates here have no hours and no zones. */
function week(iso: string): number {
  const at = Math.floor(Date.parse(`${iso}T00:00:00Z`) / DAY)
  return at - ((at + 3) % 7)
}

/** What of the journal is in sight: the period, one of its weeks, only works; and only pupils with nothing there yet. */
export class Views {
  readonly root = document.createElement('span')
  private readonly choice = document.createElement('select')
  private readonly only: HTMLButtonElement
  private readonly cols: HTMLTableColElement[] = []
  private isOnly = false

  /** `stands`: the column that the person is at; `after`: the view has changed. */
  constructor(private readonly grid: Grid, private readonly stands: () => number, private readonly after: () => void) {
    this.root.className = 'jg-views'
    this.choice.className = 'form-select form-select-sm'
    this.choice.setAttribute('aria-label', grid.text('view'))
    this.choice.add(new Option(grid.text('viewPeriod'), WHOLE))
    if (grid.props.columns.some((column) => column.kind === 'sor' || column.kind === 'soch')) {
      this.choice.add(new Option(grid.text('viewWorks'), WORKS))
    }
    for (const [monday, days] of this.weeks()) {
      const first = days[0]!
      const last = days.at(-1)!
      const name = first === last ? day(first) : `${day(first)} – ${day(last)}`
      this.choice.add(new Option(grid.text('viewWeek', { days: name }), String(monday)))
    }
    this.choice.addEventListener('change', () => this.draw())
    this.only = button(grid.text('onlyEmpty'), () => {
      this.isOnly = !this.isOnly
      this.draw()
    })
    this.only.setAttribute('aria-pressed', 'false')
    this.root.append(this.choice, this.only)
    this.spread()
  }

  private weeks(): Map<number, string[]> {
    const found = new Map<number, string[]>()
    for (const { kind, date } of this.grid.props.columns) {
      if (kind === 'period') continue
      const monday = week(date)
      found.set(monday, [...(found.get(monday) ?? []), date])
    }
    return found
  }

  /** The colours of columns come in spans; a column that is taken out of sight takes its own with it. */
  private spread(): void {
    for (const col of [...this.grid.table.querySelectorAll('col')]) {
      const same = Array.from({ length: col.span }, () => {
        const one = col.cloneNode() as HTMLTableColElement
        one.span = 1
        return one
      })
      this.cols.push(...same)
    }
  }

  private draw(): void {
    const { grid } = this
    const { columns } = grid.props
    const chosen = this.choice.value
    const inSight = (col: number) => {
      const { kind, date } = columns[col]!
      if (chosen === WHOLE) return true
      return chosen === WORKS ? kind === 'sor' || kind === 'soch' : week(date) === Number(chosen)
    }
    // Among works an empty one counts wherever it stands; else the lesson one stands at is meant.
    const at = this.stands()
    const asked = columns.map((_, col) => col).filter((col) =>
      chosen === WORKS ? inSight(col) && columns[col]!.kind !== 'period' : col === at)
    const isEmpty = (row: number) => asked.some((col) => {
      const place = { row, col }
      const { points, absence } = grid.cell(place)
      return points === null && absence === null && !grid.lockOf(place)
    })
    const rows = this.isOnly ? columns.length ? Array.from({ length: grid.height }, (_, row) => isEmpty(row)) : [] : null
    grid.show(inSight, (row) => rows?.[row] ?? true)
    this.only.setAttribute('aria-pressed', String(this.isOnly))
    this.only.textContent = this.isOnly && chosen !== WORKS
      ? grid.text('onlyEmptyAt', { lesson: columns[at]?.label ?? '' })
      : grid.text('onlyEmpty')
    const group = grid.table.querySelector('colgroup')
    group?.replaceChildren(...this.cols.filter((_, index) => index === 0 || index > columns.length || inSight(index - 1) || columns[index - 1]?.kind === 'period'))
    this.root.dataset.shown = String(rows ? rows.filter(Boolean).length : grid.height)
    this.after()
  }
}
