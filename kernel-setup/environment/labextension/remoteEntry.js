// An extension of JupyterLab, in the form that JupyterLab's own build gives one: what it needs comes by init, and get gives the plugin.
// A cell of a Go notebook gets the colours of the language that its first line names. JupyterLab takes all cells for Go.
(() => {
  const languages = [
    [/^(\/\/gonb:)?%%script\s+\S*python/, "text/x-python"],
    [/^(\/\/gonb:)?%%(script\s+\S*)?(ba)?sh\b/, "text/x-sh"],
  ];

  const watch = (notebook) => {
    const watched = new WeakSet();
    const colour = (cell) => {
      if (notebook.getMetadata("language_info")?.name !== "go") return;
      const source = cell.sharedModel.getSource();
      cell.mimeType = languages.find(([line]) => line.test(source))?.[1] ?? "text/x-go";
    };
    const watchCells = () => {
      for (const cell of notebook.cells) {
        if (cell.type !== "code" || watched.has(cell)) continue;
        watched.add(cell);
        cell.contentChanged.connect(colour);
        cell.mimeTypeChanged.connect(colour); // JupyterLab sets it too, once the kernel has said which language it speaks
        colour(cell);
      }
    };
    watchCells();
    notebook.cells.changed.connect(watchCells);
  };

  let shared;
  window._JUPYTERLAB ??= {};
  window._JUPYTERLAB["tutorial-cells"] = {
    init: (scope) => void (shared = scope),
    get: async () => {
      const [version] = Object.values(shared["@jupyterlab/notebook"]);
      const { INotebookTracker } = (await version.get())();
      return () => ({
        __esModule: true,
        default: {
          id: "tutorial-cells:plugin",
          autoStart: true,
          requires: [INotebookTracker],
          activate: (_, tracker) =>
            tracker.widgetAdded.connect((_, panel) => panel.context.ready.then(() => watch(panel.content.model))),
        },
      });
    },
  };
})();
