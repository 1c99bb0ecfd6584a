import { describe, expect, it } from 'vitest'
import { heightOf, optionsFor, type ChartProps } from '../../../platform/ui/islands/chart'

const props: ChartProps = {
  kind: 'stacked', title: 'Сабаққа қатысу', categories: ['дс', 'сс'], unit: '%', language: 'kk',
  series: [{ name: 'ауырды', values: [12.5, null], shape: 'bar' }, { name: 'кешікті', values: [3, 4], shape: 'bar' }],
}
const paint = (name: string) => name

describe('a chart', () => {
  it('stacks its series and tells them apart by pattern too', () => {
    const options = optionsFor(props, paint, false)
    expect(options.series.map((one) => 'stack' in one && one.stack)).toEqual(['all', 'all'])
    expect(options.aria.decal.show).toBe(true)
  })
  it('writes figures as Kazakh and Russian readers do, and a dash where there is none', () => {
    const shown = optionsFor(props, paint, false).tooltip.valueFormatter
    expect(shown(12.5)).toBe('12,5 %')
    expect(shown(null)).toBe('–')
  })
  it('needs no inline styles, which the page refuses', () => {
    expect(optionsFor(props, paint, false).tooltip.renderMode).toBe('richText')
  })
  it('lays many bars down on a phone, as high as their number asks', () => {
    const classes = Array.from({ length: 31 }, (_, n) => `${n}А`)
    const bars: ChartProps = { ...props, kind: 'bar', categories: classes, series: [{ name: 'Сапа', values: classes.map(() => 60), shape: 'bar' }] }
    expect(optionsFor(bars, paint, false).xAxis.type).toBe('category')
    expect(optionsFor(bars, paint, true).yAxis.type).toBe('category')
    expect(heightOf(bars, false)).toBeNull()
    expect(heightOf(bars, true)).toBeGreaterThan(31 * 20)
  })
  it('shows every name beside a lying bar, and the mean of all as a line with its figure', () => {
    const options = optionsFor({ ...props, kind: 'across', mean: { name: 'Аудан', value: 69.04 } }, paint, false)
    expect(options.yAxis.axisLabel).toMatchObject({ interval: 0, overflow: 'break' })
    expect(options.series.at(-1)).toMatchObject({ name: 'Аудан: 69 %', data: [], markLine: { data: [{ xAxis: 69.04 }] } })
  })
  it('begins bars at zero and lets a line begin near its least value', () => {
    const line: ChartProps = { ...props, kind: 'line', series: [{ name: 'Сапа', values: [64, 71], shape: 'bar' }] }
    expect(optionsFor(line, paint, false).yAxis).toMatchObject({ min: 50, max: 100 })
    expect(optionsFor({ ...line, kind: 'bar' }, paint, false).yAxis).toMatchObject({ min: 0, max: 100 })
  })
  it('writes the share on its part where it fits', () => {
    const [first] = optionsFor({ ...props, kind: 'shares' }, paint, false).series
    const label = first && 'label' in first ? first.label : undefined
    expect(label?.formatter({ value: 46.4 })).toBe('46')
    expect(label?.formatter({ value: 2 })).toBe('')
  })
})
