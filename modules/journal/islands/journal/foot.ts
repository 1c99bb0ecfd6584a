import type { Grid } from './grid'

const el = <K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text = ''): HTMLElementTagNameMap[K] => {
  const made = document.createElement(tag)
  if (className) made.className = className
  made.textContent = text
  return made
}

/** The line under the grid: what was taught at the lesson one stands at, and how the class stands in it. */
export class Foot {
  readonly root = el('div', 'jg-foot')
  private readonly words = el('span', 'jg-foot-words')
  private readonly figures = el('span', 'jg-foot-figures')

  constructor(private readonly grid: Grid, private col: number) {
    this.root.append(this.words, this.figures)
    grid.onChange((place) => {
      if (!place || place.col === this.col) this.draw()
    })
  }

  stand(col: number): void {
    if (col === this.col && this.words.childNodes.length) return
    this.col = col
    this.draw()
  }

  draw(): void {
    const column = this.grid.props.columns[this.col]
    if (!column) return
    // Topics stand in their own table of the page; said twice they would weigh twice.
    const line = document.getElementById(`lesson-${column.lesson}`)
    const told = [...(line?.querySelectorAll<HTMLElement>('[data-said]') ?? [])].map((one) => one.textContent?.trim()).filter(Boolean)
    this.words.replaceChildren(el('strong', '', column.label), ` ${told.join(' · ')}`)
    this.figures.textContent = this.summary()
  }

  private summary(): string {
    const column = this.grid.props.columns[this.col]!
    let count = 0
    let sum = 0
    let absent = 0
    for (let row = 0; row < this.grid.height; row++) {
      const { points, absence } = this.grid.cell({ row, col: this.col })
      if (points !== null) [count, sum] = [count + 1, sum + points]
      if (absence !== null && absence !== 'late') absent++
    }
    const words = [this.grid.text('marked', { done: count, total: this.grid.height })]
    if (count) {
      const mean = (sum / count).toFixed(1).replace('.', ',')
      const percent = column.max ? Math.round((100 * sum) / count / column.max) : 0
      words.push(column.kind === 'sor' || column.kind === 'soch' ? this.grid.text('meanOf', { mean, max: column.max ?? '', percent }) : this.grid.text('mean', { mean }))
    }
    if (absent) words.push(this.grid.text('absent', { count: absent }))
    return words.join(' · ')
  }
}
