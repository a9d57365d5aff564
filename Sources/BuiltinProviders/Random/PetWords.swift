/// Words that make pet names: short, friendly, easy to say on the telephone.
enum PetWords {
    /// Before the adjective, in names of three words and more.
    static let adverbs = """
        amply aptly boldly briefly brightly calmly clearly closely cosily deeply early easily evenly fairly finely firmly fondly \
        formerly freshly fully gladly gradually greatly happily hardly highly honestly hopefully humbly ideally initially jointly \
        jolly keenly largely lightly likely loosely loudly luckily mainly merely mildly mostly mutually nearly neatly partially \
        patiently perfectly presently privately promptly properly quickly quietly rapidly rarely readily really regularly \
        remotely rightly roughly safely scarcely secretly sharply shortly silently simply slightly slowly smoothly socially \
        solely specially steadily strangely strongly surely swiftly tightly totally truly typically usefully usually vastly \
        verbally vividly warmly weekly willingly wisely yearly
        """.split(separator: " ")

    /// Before the animal, in names of two words and more.
    static let adjectives = """
        able active alert alive amazed awake balanced better blessed bold brief bright busy capable careful central certain \
        charmed cheerful civil classic clear clever close cool creative crisp decent deep direct divine driven eager early \
        eminent endless engaging enjoyed epic ethical exotic expert famous fancy fit fitting fleet fluent fond fresh full funky \
        funny game gentle genuine giving glad golden good grateful handy happy hardy honest humble ideal immune improved inspired \
        intense joint just keen key kind knowing large leading light liked living logical loved loving loyal lucky major many \
        master maximum measured merry mighty modern moral more moved musical national native natural neat needed neutral new nice \
        noble noted optimal organic outgoing patient perfect picked pleased polite positive possible precise present pro promoted \
        proper proud pure quality quiet rapid rare rational real regular related relevant renewed rich robust ruling sacred safe \
        saved saving secure sensible settled sharp shining sincere singular skilled smart smashing smiling social sound special \
        splendid sterling striking strong stunning subtle sunny superb supreme sure sweeping tender thankful thorough tidy \
        touched trusting unbiased uncommon unified upright useful valid valued verified vital vocal wanted warm wealthy whole \
        wired wise witty working
        """.split(separator: " ")

    /// The last word.
    static let animals = """
        alpaca anchovy anemone antelope aphid asp baboon badger bass bear bee beetle bison blowfish bluebird boa bobcat bonefish \
        bream buck buffalo bunny burro calf cardinal caribou cat catfish chamois chicken chimp chipmunk cicada clam cockatoo \
        condor coral cougar cow cowbird coyote crab crane crappie crawdad cricket crow cub dane deer dingo dinosaur doberman doe \
        dog dogfish dolphin dory dove dragon duckling earwig elephant elf elk emu ewe falcon ferret firefly fly fowl foxhound \
        frog gelding glider gnat gnu goat goldfish goose gorilla goshawk griffon grub haddock hamster heron honeybee hornet horse \
        hound ibex jackal jawfish jennet katydid kid killdeer kingfish kite koala krill lacewing lark lemming lemur leopard liger \
        lion lioness lionfish lizard llama locust macaque macaw mackerel magpie mako mallard mammal mammoth manatee marlin \
        marmoset marmot martin mastiff mastodon mayfly meerkat mink minnow moccasin mole mollusk molly monarch monitor monkfish \
        mosquito moth mouse mudfish narwhal octopus opossum orca oriole oryx osprey ostrich owl oyster panda pangolin panther \
        parakeet parrot peacock pelican penguin pheasant pig piglet pipefish platypus pony poodle porpoise possum prawn primate \
        pup python quagga quetzal raccoon ram raptor rat raven ray redbird redfish reptile rhino robin rooster roughy salmon \
        sawfly scorpion sculpin seagull seahorse serval shad shark sheep sheepdog shepherd shiner shrew shrimp skink skunk sloth \
        slug snail snake sole spaniel sponge squid squirrel stag stallion starling stingray stork sturgeon sunbird sunfish swan \
        swift swine tahr tapir tarpon teal terrapin terrier thrush tiger toad tortoise treefrog trout tuna turtle unicorn vervet \
        wahoo wallaby walrus wasp weevil whale wolf wombat woodcock wren yeti zebra
        """.split(separator: " ")
}
