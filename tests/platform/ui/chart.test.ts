import { describe, expect, it } from 'vitest'
import { optionsFor, type ChartProps } from '../../../platform/ui/islands/chart'

const props: ChartProps = {
  kind: 'stacked', title: 'Сабаққа қатысу', categories: ['дс', 'сс'], unit: '%', language: 'kk',
  series: [{ name: 'ауырды', values: [12.5, null] }, { name: 'кешікті', values: [3, 4] }],
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
})
