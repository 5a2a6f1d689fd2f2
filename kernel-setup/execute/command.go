package execute

import (
	"encoding/json"
	"strings"

	"tutorial/kernel-setup/notebook"
)

// GoNB replies ok although a shell command failed, and what it prints then a program could print too. So each command gets a
// frame that notes its beginning and its exit status in a file that the cell does not know of. It takes the lines that it
// had, and the command sees the same shell as without it. Standard input is empty: from the kernel it would never end.
const (
	noteBegin  = `echo - >>"$TUTORIAL_COMMANDS"; `
	noteStatus = `; s=$?; echo $s >>"$TUTORIAL_COMMANDS"; exit $s`
)

// wrapped returns the code of a cell as it is sent to the kernel.
func wrapped(c notebook.Cell) string {
	source := strings.ReplaceAll(string(c.Source), "\r\n", "\n")
	lines := strings.Split(source, "\n")
	if magic := c.Magic(); magic != nil {
		command := strings.TrimSpace(strings.TrimPrefix(strings.TrimLeft(lines[0], " \t"), magic[0]))
		switch {
		case magic[0] == "%%script" && command != "":
		case (magic[0] == "%%bash" || magic[0] == "%%sh") && command == "":
			command = magic[0][2:]
		default:
			return source
		}
		lines[0] = `%%script /bin/sh -c "` + strings.ReplaceAll(noteBegin+`"$@"`+noteStatus, `"`, `\"`) + `" sh ` + command
		return strings.Join(lines, "\n")
	}
	for i := 0; i < len(lines); i++ {
		first := strings.TrimPrefix(lines[i], "//gonb:")
		if len(first) < 2 || first[0] != '!' && first[0] != '%' {
			continue
		}
		from, command := i, first
		for strings.HasSuffix(command, `\`) && i+1 < len(lines) {
			i++
			command = strings.TrimSuffix(command, `\`) + " " + strings.TrimPrefix(lines[i], "//gonb:")
		}
		if first[0] == '%' {
			continue
		}
		command = strings.TrimLeft(command[1:], " \t")
		if strings.Trim(command, `*\ `) == "" {
			continue
		}
		place := ""
		if command[0] == '*' {
			place, command = "*", command[1:]
		}
		for j := from; j <= i; j++ {
			lines[j] = ""
		}
		lines[from] = "!" + place + noteBegin + "(eval '" + strings.ReplaceAll(command, "'", `'\''`) + "') </dev/null" + noteStatus
	}
	return strings.Join(lines, "\n")
}

// failedCommands returns an error output for the first command of the cell that failed, as the kernel would send it if it told.
func (a answer) failedCommands() []json.RawMessage {
	for i, mark := range a.Commands {
		what := "exit status " + mark
		switch {
		case mark == "0":
			continue
		case mark == "-" && i+1 < len(a.Commands) && a.Commands[i+1] != "-":
			continue
		case mark == "-":
			what = "the shell was killed"
		}
		output, err := json.Marshal(map[string]any{"output_type": "error", "ename": "Command", "evalue": what, "traceback": []string{}})
		if err != nil {
			panic(err) // it has only text
		}
		return []json.RawMessage{output}
	}
	return nil
}
