"""What a training is to do: its parameters, the networks there are, the presets."""
