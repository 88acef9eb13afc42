"use strict";

// How marks and lines are drawn: by sigma's own programs, but with all corners written out. Where WebGL is drawn in
// software, each instance costs a call of its own, and twenty thousand of them a second.
const kgPrograms = (() => {
  const written = (Program) => class extends Program {
    getDefinition() {
      const { CONSTANT_ATTRIBUTES, CONSTANT_DATA, ...rest } = super.getDefinition();
      this.own = Sigma.rendering.getAttributesItemsCount(rest.ATTRIBUTES);
      this.corners = CONSTANT_DATA;
      return { ...rest, ATTRIBUTES: [...rest.ATTRIBUTES, ...CONSTANT_ATTRIBUTES] };
    }

    // The attributes of an item, once for each of its corners and followed by what tells them apart.
    processVisibleItem(id, start, ...about) {
      super.processVisibleItem(id, start, ...about);
      const { array, corners, own } = this;
      let at = start;
      for (const corner of corners) {
        if (at !== start) array.copyWithin(at, start, start + own);
        at += own;
        for (const value of corner) {
          array[at] = value;
          at += 1;
        }
      }
    }
  };

  const node = written(Sigma.rendering.NodeCircleProgram);
  const nodes = { circle: node };
  return { edgeProgramClasses: { line: written(Sigma.rendering.EdgeRectangleProgram) }, nodeHoverProgramClasses: nodes, nodeProgramClasses: nodes };
})();
