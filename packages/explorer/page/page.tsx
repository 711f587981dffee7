document.title = 'throughline explorer'
