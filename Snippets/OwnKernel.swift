import Nadaraya

// Infinitely smooth, of support 1: exp(1 − 1/(1 − u²)).
let bump = Kernel(name: "bump", support: 1) { u in
  let inside = (1 - u) * (1 + u)
  return inside > 0 ? Kernel.laplacian.profile(1 / inside - 1) : 0
}

// As smooth a curve as the Gaussian's at bandwidth 0.5.
if let bandwidth = bump.bandwidth(matching: 0.5, of: .gaussian) {
  let smoother = try KernelSmoother(
    [0, 1, 2, 5], [10, 12, 11, 20], kernel: bump, bandwidth: bandwidth)
  print(bandwidth, try smoother.predict([0.5, 1.5]))
}
