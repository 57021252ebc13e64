// Command release builds what is handed out. Run it by `make release`.
package main

func main() {}
