package model

// loose is what an open state lets pass since nobody judges it: what only pages say that an adapter doesn't claim
// ([Config.Judges]), most of it of external programs.
type loose struct {
	arguments bool // what becomes of arguments, and which may be refused (EXT-RUN-5)
	keywords  bool // which keywords name signals, and which (EXT-SIG-6, EXT-SIG-8)
	objects   bool // what is said to who asks for the status of anything else (EXT-START-6)
	overrides bool // whether an environment that extends overrides (EXT-ENV-3)
	cleanups  bool // whether cleanups of foreign threads run (CLEAN-FOR-1)
	priority  bool // what the default priority is at first (PROC-PRI-3)
	listener  bool // whether there is a default listener beside initial processes (INIT-REPL-2)
	exits     bool // whether the cleanups of other processes get a chance where one quits (INIT-STOP-1)
	returned  bool // what initialize-multiprocessing returns (INIT-START-3)
	initial   bool // what *initial-processes* has as its value at first (INIT-IP-5)
}

func (cfg Config) loose() loose {
	if !cfg.Open || cfg.Judges == nil {
		return loose{}
	}
	return loose{
		arguments: !cfg.Judges("EXT-RUN-5"),
		keywords:  !cfg.Judges("EXT-SIG-6") || !cfg.Judges("EXT-SIG-8"),
		objects:   !cfg.Judges("EXT-START-6"),
		overrides: !cfg.Judges("EXT-ENV-3"),
		cleanups:  !cfg.Judges("CLEAN-FOR-1"),
		priority:  !cfg.Judges("PROC-PRI-3"),
		listener:  !cfg.Judges("INIT-REPL-2"),
		exits:     !cfg.Judges("INIT-STOP-1"),
		returned:  !cfg.Judges("INIT-START-3"),
		initial:   !cfg.Judges("INIT-IP-5"),
	}
}
