// How the window is divided: the two sides, or on a phone the one that is seen.

const [LEAST, MOST, STEP] = [20, 80, 2]; // percent of the window's width

export class Panes {
  constructor() {
    this.divider = document.getElementById("divider");
    this.divider.onpointerdown = (event) => this.divider.setPointerCapture(event.pointerId);
    this.divider.onpointermove = (event) => {
      if (this.divider.hasPointerCapture(event.pointerId)) {
        this.set((event.clientX / innerWidth) * 100);
      }
    };
    this.divider.onkeydown = (event) => {
      const way = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (way) this.set(Number(this.divider.getAttribute("aria-valuenow")) + way);
    };
    for (const view of ["program", "picture"]) {
      document.getElementById(`see-${view}`).onclick = () => this.see(view);
    }
  }

  set(percent) {
    const width = Math.round(Math.min(Math.max(percent, LEAST), MOST));
    this.divider.setAttribute("aria-valuenow", width);
    document.documentElement.style.setProperty("--left", `${width}%`);
  }

  // Which of both a phone shows.
  see(view) {
    document.body.dataset.view = view;
    for (const name of ["program", "picture"]) {
      document.getElementById(`see-${name}`).setAttribute("aria-pressed", name === view);
    }
  }
}
