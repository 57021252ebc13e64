package native

func playChild(string) {}
