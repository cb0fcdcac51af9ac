// Pieces of the page: text is always text, every chart has a table with the same numbers.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value)
  made.append(...children.filter(child => child != null))
  return made
}

export const number = (value, digits = 2) =>
  value == null || Number.isNaN(value) ? '–'
    : (Number(value) || 0).toLocaleString('en', { maximumFractionDigits: digits })

export const ms = nanos => nanos == null ? null : nanos / 1e6

// columns: [title, row => cell, isNumber]
export function table(caption, columns, rows, limit = 200) {
  const head = element('tr', {}, ...columns.map(([title, , isNumber]) =>
    element('th', { scope: 'col', class: isNumber ? 'n' : '' }, title)))
  const body = rows.slice(0, limit).map(row => element('tr', {}, ...columns.map(([, cell, isNumber]) => {
    const value = cell(row)
    return element('td', { class: (isNumber ? 'n ' : '') + (['PASS', 'WARN', 'FAIL'].includes(value) ? value : '') },
      value == null ? '–' : String(value))
  })))
  const more = rows.length > limit ? ` The first ${limit} of ${rows.length}.` : ''
  return element('div', { class: 'wide', tabindex: '0', role: 'region', 'aria-label': caption },
    element('table', {}, element('caption', {}, caption + more), element('thead', {}, head), element('tbody', {}, ...body)))
}

export function choice(title, options, selected, onChange) {
  const select = element('select', {}, ...options.map(([value, text]) => {
    const option = element('option', { value }, text)
    option.selected = value === selected
    return option
  }))
  select.addEventListener('change', () => onChange(select.value))
  return element('label', {}, title, select)
}

export const tile = (value, text) => element('div', { class: 'tile' }, element('b', {}, String(value)), element('span', {}, text))

const charts = new Set()

const color = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function themed(option) {
  const axis = { nameTextStyle: { color: color('--soft') }, axisLabel: { color: color('--soft') }, splitLine: { lineStyle: { color: color('--line') } } }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches
  return {
    animation: false, textStyle: { color: color('--ink') },
    color: dark ? ['#6ea0ff', '#ff9d4d', '#5fd3a6', '#d79bff', '#ffd166', '#8fd6ff'] : ['#2563eb', '#c2570c', '#0f7b5a', '#8b3fc7', '#946200', '#0b7285'],
    grid: { left: 12, right: 28, top: 56, bottom: 34, containLabel: true },
    tooltip: { trigger: 'item', confine: true }, aria: { enabled: true, decal: { show: true } },
    legend: { type: 'scroll', top: 2, textStyle: { color: color('--ink') } },
    ...option, xAxis: { ...axis, nameLocation: 'middle', nameGap: 28, ...option.xAxis }, yAxis: { ...axis, ...option.yAxis }
  }
}

// A chart; `data` is the table with its numbers, for whoever does not see it.
export function chart(caption, option, data) {
  const place = element('div', { class: 'chart', role: 'img', 'aria-label': caption + '; the numbers are in the table below' })
  // Once it is in the page and has a size; frames may be far apart where nobody looks.
  const draw = () => {
    if (!place.clientWidth) return void setTimeout(draw, 20)
    const drawn = echarts.init(place, null, { renderer: 'svg' })
    drawn.setOption(themed(option))
    charts.add([place, drawn, option])
  }
  setTimeout(draw)
  return element('figure', {}, element('figcaption', {}, caption), place,
    data && element('details', {}, element('summary', {}, 'Numbers'), data))
}

function forEachChart(step) {
  for (const entry of charts) {
    const [place, drawn, option] = entry
    if (!place.isConnected) { drawn.dispose(); charts.delete(entry) } else step(drawn, option)
  }
}

addEventListener('resize', () => forEachChart(drawn => drawn.resize()))
export const resizeCharts = () => forEachChart(drawn => drawn.resize())
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () =>
  forEachChart((drawn, option) => drawn.setOption(themed(option))))
