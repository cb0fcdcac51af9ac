(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const round = (v) => (typeof v === "number" ? Number(v.toPrecision(5)) : v);
  let charts = [];

  function draw() {
    charts.forEach((chart) => chart.dispose());
    charts = [...document.querySelectorAll(".chart")].map((div) => {
      const option = JSON.parse(document.getElementById(div.dataset.option).textContent);
      const soft = css("--soft");
      const line = css("--line");
      option.color = [css("--reference"), css("--simulated"), "#14a37f", "#9b5de5", "#e0457b", "#8a97a6"];
      option.textStyle = { fontFamily: "inherit" };
      option.legend.icon = option.series[0] && option.series[0].type === "line" ? "roundRect" : undefined;
      option.legend.itemHeight = option.legend.icon ? 4 : 10;
      option.legend.textStyle = { color: css("--ink"), width: 190, overflow: "truncate" };
      option.tooltip.backgroundColor = css("--card");
      option.tooltip.borderColor = line;
      option.tooltip.textStyle = { color: css("--ink") };
      option.tooltip.formatter = (p) => {
        const box = document.createElement("div");
        const lines = [p.seriesName, `${option.xAxis.name}: ${round(p.data[0])}`, `${option.yAxis.name}: ${round(p.data[1])}`];
        if (p.data[2]) lines.push(p.data[2]);
        lines.forEach((text) => box.appendChild(document.createElement("div")).textContent = text);
        return box;
      };
      [option.xAxis, option.yAxis].forEach((axis) => {
        axis.nameTextStyle = { color: soft };
        axis.axisLabel = { color: soft, hideOverlap: true };
        axis.axisLine = { lineStyle: { color: line } };
        axis.splitLine = { lineStyle: { color: line } };
      });
      option.series.filter((s) => s.type === "line").forEach((s, i) => {
        s.lineStyle = { width: 2.5, type: ["solid", "dashed", "dotted", [12, 3, 3, 3]][i % 4] };
        s.triggerLineEvent = true;
      });
      option.series.forEach((s, i) => {
        if (s.type === "scatter") s.itemStyle = { opacity: 0.8 };
        if (s.symbol === "emptyCircle") {
          // The symbol of that name is filled with white, which is wrong on a dark page.
          s.symbol = "circle";
          s.itemStyle = { color: "transparent", borderColor: option.color[i], borderWidth: 1.5 };
        }
      });
      const chart = echarts.init(div, null, { renderer: "svg" });
      chart.setOption(option);
      return chart;
    });
  }

  document.getElementById("theme").addEventListener("click", () => {
    const root = document.documentElement;
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
    draw();
  });
  draw();
  dark.addEventListener("change", draw);
  addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
