package footprint

import (
	"fmt"

	"tutorial/helpers/figure"
)

// Figure draws costs as bars: resident memory, and the kernel's stack behind it in stripes. Address space is in the table
// only; it would dwarf all that is real. It is determined by its arguments alone; there are two costs at least.
func Figure(title string, costs []Cost) figure.Figure {
	const row, barLeft = 34.0, 150.0
	f := figure.Figure{
		Title:    title,
		Subtitle: "memory for each, bars start at 0; striped: the kernel's stack of a thread",
		Caption:  sentence(costs),
		Table:    figure.Table{Header: []string{"kind", "n", "resident", "kernel stack", "together", "address space"}},
	}
	f.Alt = f.Title + ". " + f.Caption
	c, top := figure.NewCanvas(f.Title, f.Subtitle)
	most := 1.0
	for _, cost := range costs {
		most = max(most, cost.Resident+cost.KernelStack)
	}
	scale := (figure.Width - figure.Margin - barLeft - 90) / most
	for i, cost := range costs {
		y := top + row*float64(i)
		color := figure.Go
		if cost.Kind == PythonThread || cost.Kind == AsyncioTask {
			color = figure.Python
		}
		c.Text(barLeft-12, y+14, figure.Body, figure.End, cost.Kind.String())
		c.Rect(barLeft, y, cost.Resident*scale, 20, 3, figure.Solid(color))
		c.Rect(barLeft+cost.Resident*scale, y, cost.KernelStack*scale, 20, 3, figure.Paint{Color: color, Texture: figure.Hatch})
		end := barLeft + (cost.Resident+cost.KernelStack)*scale
		c.Text(end+10, y+14, figure.Mono, figure.Start, figure.Bytes(cost.Resident+cost.KernelStack))
		f.Table.Rows = append(f.Table.Rows, []string{
			cost.Kind.String(), figure.Count(cost.N), figure.Bytes(cost.Resident), figure.Bytes(cost.KernelStack), figure.Bytes(cost.Resident + cost.KernelStack),
			figure.Bytes(cost.Reserved),
		})
	}
	c.Legend(top+row*float64(len(costs))+18, figure.Key{Paint: figure.Solid(figure.Go), Text: "Go"}, figure.Key{Paint: figure.Solid(figure.Python), Text: "Python"})
	f.SVG = c.SVG()
	return f
}

// sentence says which kind takes least and which most.
func sentence(costs []Cost) string {
	least, most := costs[0], costs[0]
	total := func(c Cost) float64 { return c.Resident + c.KernelStack }
	for _, c := range costs {
		if total(c) < total(least) {
			least = c
		}
		if total(c) > total(most) {
			most = c
		}
	}
	return fmt.Sprintf("One more %v takes least, %s; one more %v takes most, %s.", least.Kind, figure.Bytes(total(least)), most.Kind, figure.Bytes(total(most)))
}
