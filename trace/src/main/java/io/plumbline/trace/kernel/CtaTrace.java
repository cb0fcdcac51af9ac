package io.plumbline.trace.kernel;

/** What the warps of one thread block execute; a warp without instructions has an empty array. */
public final class CtaTrace {
  private final WarpInstruction[][] warps;

  public CtaTrace(WarpInstruction[][] warps) {
    this.warps = warps;
  }

  public int warpCount() {
    return warps.length;
  }

  public int instructionCount(int warp) {
    return warps[warp].length;
  }

  public WarpInstruction instruction(int warp, int index) {
    return warps[warp][index];
  }
}
