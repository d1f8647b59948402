"""Role material: further layers, losses and simulated devices. The core never imports it."""
